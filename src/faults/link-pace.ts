import type { Clock } from "../clock.ts";
import type { Link, Slowness } from "../cluster/links.ts";
import type { Proof } from "../recording/events.ts";
import { formatDuration } from "../units/duration.ts";
import type { FaultContext, Seen } from "./fault.ts";
import { excused } from "./holds.ts";
import type { Impairments } from "./impairments.ts";
import { listed, rangeOf, roundTrips, type RoundTrip, type Waiting } from "./probe.ts";

const beforeLimitMs = 1_000;
const askEveryMs = 50;
const settleLimitMs = 10_000;
/** Slower round trips are long enough to stand out of a machine's noise with a single one. */
const repeatBelowMs = 300;
const repetitions = 3;

/** How long a round trip over each link takes, in ms; undefined where there was no answer. */
type Durations = ReadonlyMap<Link, number | undefined>;

/** How long round trips over some links take, before and after they are slowed. */
export class LinkPace {
  readonly #links: readonly Link[];
  readonly #context: FaultContext;
  readonly #slowness: Slowness;
  /** The quickest of a link's round trips before. */
  readonly #before: Durations;

  private constructor(links: readonly Link[], slowness: Slowness, context: FaultContext, before: Durations) {
    this.#links = links;
    this.#slowness = slowness;
    this.#context = context;
    this.#before = before;
  }

  /** Measures the links as they are. */
  static async before(links: readonly Link[], slowness: Slowness, context: FaultContext): Promise<LinkPace> {
    const { clock, signal } = context;
    const rounds = await repeated(repetitions, links, clock, { limitMs: beforeLimitMs, signal });
    return new LinkPace(links, slowness, context, byLink(rounds, quickest));
  }

  /** Waits until a round trip over each link takes as much longer than before as it should. */
  async untilSlow(): Promise<Seen> {
    return this.#until({
      limitMs: this.#limitMs,
      signal: this.#context.signal,
      among: () => ({ free: this.#links, excuses: [] }),
      // Not a number, which is not slow either, where there was no answer before or now.
      fits: (tookMs = NaN, beforeMs = NaN) => tookMs - beforeMs >= this.#expectedMs,
      unfit: `not ${formatDuration(this.#expectedMs)} longer`,
    });
  }

  /** Waits until the links are as quick as before, but for those that another fault keeps slow or silent. */
  async untilQuick(slowed: Impairments): Promise<Seen> {
    return this.#until({
      limitMs: settleLimitMs,
      among: () => excused(this.#links, this.#context.cluster.members, ["slowed", "cut", "paused", "starved", "killed"], slowed.holds),
      // Where nothing answered before, nothing may take half of what was added.
      fits: (tookMs = NaN, beforeMs = 0) => tookMs - beforeMs < this.#expectedMs / 2,
      unfit: "still longer",
    });
  }

  /** Measures until all links fit, or the time is up; it is so since the beginning of the last measurement. */
  async #until({ limitMs, signal, among, fits, unfit }: Expectation): Promise<Seen> {
    const { clock } = this.#context;
    const endMs = clock.nowMs() + limitMs;
    for (;;) {
      const sinceMs = clock.nowMs();
      const { free, excuses } = among();
      const means = await this.#means(free, signal);
      const misfits = free.filter((link) => !fits(means.get(link), this.#before.get(link)));
      const notes = misfits.length > 0 ? [`${unfit} over ${listed(misfits.map(({ name }) => name))}`] : excuses;
      if (misfits.length === 0 || clock.nowMs() >= endMs) return { sinceMs, proof: this.#proof(means, notes, misfits.length === 0 && this.#links.length > 0) };
      await clock.sleep(askEveryMs, signal);
    }
  }

  async #means(links: readonly Link[], signal: AbortSignal | undefined): Promise<Durations> {
    const waiting = { limitMs: this.#limitMs, ...(signal === undefined ? {} : { signal }) };
    const times = 2 * this.#slowness.latencyMs < repeatBelowMs ? repetitions : 1;
    return byLink(await repeated(times, links, this.#context.clock, waiting), mean);
  }

  /**
   * What a round trip must take longer: the latency both ways, less a jitter, as a mean may be
   * off by so much, and less a tenth for timers that fire early.
   */
  get #expectedMs(): number {
    return 0.9 * (2 * this.#slowness.latencyMs - this.#slowness.jitterMs);
  }

  get #limitMs(): number {
    return Math.min(30_000, 2 * (this.#slowness.latencyMs + this.#slowness.jitterMs) + 3_000);
  }

  #proof(now: Durations, notes: readonly string[], holds: boolean): Proof {
    const took = now.size === 0 ? [] : [`${now.size} of ${this.#links.length} links took ${rangeOf([...now.values()])}, before the fault ${rangeOf([...this.#before.values()])}`];
    return { source: "round trip", text: [...took, ...notes].join("; "), holds };
  }
}

interface Expectation {
  readonly limitMs: number;
  readonly signal?: AbortSignal;
  /** The links to look at, and why the others are left out. */
  among(): { readonly free: readonly Link[]; readonly excuses: readonly string[] };
  fits(tookMs: number | undefined, beforeMs: number | undefined): boolean;
  /** What is said of a link that does not fit. */
  readonly unfit: string;
}

/** Round trips one after the other; no more once one has no answer, as each takes its whole limit then. */
async function repeated(times: number, links: readonly Link[], clock: Clock, waiting: Waiting): Promise<RoundTrip[][]> {
  const rounds: RoundTrip[][] = [];
  while (rounds.length < times && rounds.every((round) => round.every(({ tookMs }) => tookMs !== undefined))) rounds.push(await roundTrips(links, clock, waiting));
  return rounds;
}

type Took = readonly (number | undefined)[];

function byLink(rounds: readonly (readonly RoundTrip[])[], summary: (took: Took) => number | undefined): Durations {
  const [first = []] = rounds;
  return new Map(first.map(({ link }, index) => [link, summary(rounds.map((round) => round[index]?.tookMs))]));
}

function quickest(took: Took): number | undefined {
  const answered = took.filter((each) => each !== undefined);
  return answered.length === 0 ? undefined : Math.min(...answered);
}

/** Undefined where any has no answer: the others would make the link look quicker than it is. */
function mean(took: Took): number | undefined {
  return took.reduce((sum, each) => (sum === undefined || each === undefined ? undefined : sum + each / took.length), 0);
}
