import type { Link } from "../cluster/links.ts";
import type { Proof } from "../recording/events.ts";
import { exchange, type Exchange } from "./exchange.ts";
import type { FaultContext, Seen } from "./fault.ts";
import { excused } from "./holds.ts";
import type { Impairments } from "./impairments.ts";
import type { LinkProbe } from "./link-probe.ts";
import { listed } from "./probe.ts";

const beforeLimitMs = 1_000;
const beforeTries = 2;
const biteLimitMs = 5_000;
const settleLimitMs = 10_000;
const againAfterMs = 50;
/** Of a toxic that strikes only some connections, so many are tried at once. */
const batch = 5;
/** That a toxic in force strikes none of all tries on a link is less likely than this. */
const missProbability = 1e-4;

/** So many tries do where each is struck with this probability. */
export function triesFor(toxicity: number): number {
  return toxicity >= 1 ? 1 : Math.ceil(Math.log(missProbability) / Math.log(1 - toxicity));
}

/** Tries connections over some links with one probe, before a toxic is put on, while it is, and after. */
export class LinkTrial {
  readonly #links: readonly Link[];
  readonly #probe: LinkProbe;
  readonly #toxicity: number;
  readonly #context: FaultContext;
  /** The quickest of those that were answered. */
  readonly #before: ReadonlyMap<Link, Exchange | undefined>;

  private constructor(links: readonly Link[], probe: LinkProbe, toxicity: number, context: FaultContext, before: ReadonlyMap<Link, Exchange | undefined>) {
    this.#links = links;
    this.#probe = probe;
    this.#toxicity = toxicity;
    this.#context = context;
    this.#before = before;
  }

  /** Tries the links as they are. */
  static async before(links: readonly Link[], probe: LinkProbe, toxicity: number, { clock, signal, ...context }: FaultContext): Promise<LinkTrial> {
    const before = new Map(
      await Promise.all(
        links.map(async (link) => {
          let best: Exchange | undefined;
          for (let tries = 0; tries < beforeTries; tries++) {
            const each = await exchange(link.listen, probe.order, clock, { limitMs: beforeLimitMs, signal });
            if (each.ending !== "answered") break;
            if (best === undefined || each.tookMs < best.tookMs) best = each;
          }
          return [link, best] as const;
        }),
      ),
    );
    return new LinkTrial(links, probe, toxicity, { clock, signal, ...context }, before);
  }

  /** Tries every link until it was struck on each; it is so since the try that struck the last one began. */
  async untilStruck(): Promise<Seen> {
    const { clock, signal } = this.#context;
    const found = await Promise.all(this.#links.map((link) => this.#untilStruck(link, clock.nowMs() + biteLimitMs, signal)));
    const sinceMs = Math.max(0, ...found.map(({ sinceMs }) => sinceMs));
    return { sinceMs, proof: this.#strikeProof(found) };
  }

  async #untilStruck(link: Link, endMs: number, signal: AbortSignal): Promise<Tried> {
    const { clock } = this.#context;
    const before = this.#before.get(link);
    const tries: Exchange[] = [];
    for (;;) {
      const sinceMs = clock.nowMs();
      const now = await this.#try(link, this.#toxicity < 1 ? batch : 1, signal);
      tries.push(...now);
      const struck = before === undefined ? [] : tries.filter((each) => this.#probe.struck(each, before));
      const enough = tries.length >= triesFor(this.#toxicity) && (this.#toxicity < 1 || clock.nowMs() >= endMs);
      if (struck.length > 0 || before === undefined || enough) return { link, sinceMs, tries, struck };
      await clock.sleep(againAfterMs, signal);
    }
  }

  /** Waits until connections over every link go as before, but for those that another fault stands in the way of. */
  async untilFree(own: Impairments): Promise<Seen> {
    const { clock, cluster } = this.#context;
    const endMs = clock.nowMs() + settleLimitMs;
    for (;;) {
      const sinceMs = clock.nowMs();
      const { free, excuses } = excused(this.#links, cluster.members, ["impaired", "slowed", "cut", "paused", "starved", "killed"], own.holds);
      const tried = await Promise.all(free.map(async (link) => ({ link, tries: await this.#try(link, this.#toxicity < 1 ? batch : 1) })));
      const hit = tried.filter(({ link, tries }) => !tries.every((each) => this.#probe.free(each, this.#before.get(link))));
      if (hit.length === 0 || clock.nowMs() >= endMs) return { sinceMs, proof: this.#freedomProof(tried.flatMap(({ tries }) => tries), hit.map(({ link }) => link), free.length, excuses) };
      await clock.sleep(againAfterMs);
    }
  }

  #try(link: Link, count: number, signal?: AbortSignal): Promise<Exchange[]> {
    const waiting = { limitMs: this.#probe.limitMs, ...(signal === undefined ? {} : { signal }) };
    return Promise.all(Array.from({ length: count }, () => exchange(link.listen, this.#probe.order, this.#context.clock, waiting)));
  }

  #strikeProof(found: readonly Tried[]): Proof {
    const { what } = this.#probe;
    const mute = this.#links.filter((link) => this.#before.get(link) === undefined);
    if (mute.length > 0) return this.#proof(`no answer to ${what} over ${listed(mute.map(({ name }) => name))} before the fault, so that nothing shows it`, false);
    const spared = found.filter(({ struck }) => struck.length === 0);
    if (spared.length > 0) {
      const tries = spared.flatMap((each) => each.tries);
      return this.#proof(`${what} over ${listed(spared.map(({ link }) => link.name))}: ${this.#probe.describe(tries)}, ${this.#beforeText}`, false);
    }
    const struck = found.flatMap((each) => each.struck);
    const count = found.reduce((sum, { tries }) => sum + tries.length, 0);
    const share = this.#toxicity < 1 ? ` (${struck.length} of ${count} connections)` : "";
    return this.#proof(`${what} over ${found.length} of ${this.#links.length} links${share}: ${this.#probe.describe(struck)}, ${this.#beforeText}`, this.#links.length > 0);
  }

  #freedomProof(tries: readonly Exchange[], hit: readonly Link[], count: number, excuses: readonly string[]): Proof {
    const where = hit.length > 0 ? listed(hit.map(({ name }) => name)) : `${count} of ${this.#links.length} links`;
    const seen = tries.length === 0 ? [] : [`${this.#probe.what} over ${where}: ${this.#probe.describe(tries)}`];
    return this.#proof([...seen, ...(excuses.length > 0 ? [listed(excuses)] : [])].join("; "), hit.length === 0);
  }

  get #beforeText(): string {
    return `before the fault ${this.#probe.describe([...this.#before.values()].filter((each) => each !== undefined))}`;
  }

  #proof(text: string, holds: boolean): Proof {
    return { source: "trial", text, holds };
  }
}

interface Tried {
  readonly link: Link;
  readonly sinceMs: number;
  readonly tries: readonly Exchange[];
  readonly struck: readonly Exchange[];
}
