import type { Link } from "../cluster/links.ts";
import type { Proof } from "../recording/events.ts";
import { formatDuration } from "../units/duration.ts";
import type { FaultContext } from "./fault.ts";
import { linksToTargets } from "./packet-recovery.ts";
import { listed, rangeOf, roundTrips, type RoundTrip } from "./probe.ts";

const beforeLimitMs = 1_000;
const probeLimitMs = 700;
/** TCP sends data again after 200 ms at the soonest, where a round trip takes less than that. */
const longerMs = 150;
const probesPerLink = 4;

/** Looks for probes to the targets that take as much longer as a lost packet takes to be sent again. */
export class Hindrance {
  readonly #context: FaultContext;
  readonly #links: readonly Link[];
  readonly #before: readonly RoundTrip[];
  readonly #seen: RoundTrip[] = [];

  private constructor(context: FaultContext, links: readonly Link[], before: readonly RoundTrip[]) {
    this.#context = context;
    this.#links = links;
    this.#before = before;
  }

  static async before(context: FaultContext): Promise<Hindrance> {
    const links = linksToTargets(context);
    return new Hindrance(context, links, await trips(links, context, beforeLimitMs));
  }

  /** Several over each link at once. */
  async probe(): Promise<void> {
    this.#seen.push(...(await trips(this.#links, this.#context, this.#hinderedMs + probeLimitMs)));
  }

  /** Whether some of the probes to each target were held up, and none of those before. */
  get everywhere(): boolean {
    return this.#missing().length === 0;
  }

  proof(): Proof {
    const hindered = this.#seen.filter((trip) => this.#isHindered(trip));
    const missing = this.#missing();
    const text = `${hindered.length} of ${this.#seen.length} probes took at least ${formatDuration(longerMs)} longer than any before, or got no answer (${rangeOf(this.#seen.map(({ tookMs }) => tookMs))}); before ${rangeOf(this.#before.map(({ tookMs }) => tookMs))}`;
    return { source: "round trip", text: missing.length === 0 ? text : `${text}; not shown for ${listed(missing)}`, holds: missing.length === 0 };
  }

  /** Targets for which it is not shown: none was held up, or before it none answered. */
  #missing(): string[] {
    const of = (name: string, all: readonly RoundTrip[]): RoundTrip[] => all.filter(({ link }) => link.to === name);
    return this.#context.targets
      .map(({ name }) => name)
      .filter((name) => of(name, this.#before).every(({ tookMs }) => tookMs === undefined) || !of(name, this.#seen).some((trip) => this.#isHindered(trip)));
  }

  #isHindered({ tookMs }: RoundTrip): boolean {
    return tookMs === undefined || tookMs >= this.#hinderedMs;
  }

  get #hinderedMs(): number {
    return longerMs + Math.max(0, ...this.#before.map(({ tookMs = 0 }) => tookMs));
  }
}

async function trips(links: readonly Link[], { clock, signal }: FaultContext, limitMs: number): Promise<RoundTrip[]> {
  const rounds = await Promise.all(Array.from({ length: probesPerLink }, () => roundTrips(links, clock, { limitMs, signal })));
  return rounds.flat();
}
