import type { Clock } from "../clock.ts";
import type { Link } from "../cluster/links.ts";
import type { Proof } from "../recording/events.ts";
import { formatDuration } from "../units/duration.ts";
import type { FaultContext, Seen } from "./fault.ts";
import { excused } from "./holds.ts";
import type { Impairments } from "./impairments.ts";
import { triesFor } from "./link-trial.ts";
import { listed, rangeOf, roundTrips, type RoundTrip, type Waiting } from "./probe.ts";

const beforeLimitMs = 1_000;
const askEveryMs = 50;
const settleLimitMs = 10_000;
const triedLimitMs = 30_000;
/** Where not all connections are slow, so many are tried at once on each link. */
const batch = 8;
/** Slower round trips are long enough to stand out of a machine's noise with a single one. */
const repeatBelowMs = 300;
const repetitions = 3;

export interface Slowness {
  readonly latencyMs: number;
  readonly jitterMs: number;
  /** The share of connections, in each direction, that are slow. */
  readonly toxicity: number;
}

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
      limitMs: this.#strikesAll ? this.#limitMs : triedLimitMs,
      signal: this.#context.signal,
      among: () => ({ free: this.#links, excuses: [] }),
      summary: mean,
      // Not a number, which is not slow either, where there was no answer before or now.
      fits: (tookMs = NaN, beforeMs = NaN) => tookMs - beforeMs >= this.#expectedMs,
      // Three of four that are struck, in one direction alone, are slow enough.
      ...(this.#strikesAll ? {} : { onceWithin: Math.ceil(triesFor(0.75 * this.#slowness.toxicity) / batch) }),
      unfit: `not ${formatDuration(this.#expectedMs)} longer`,
    });
  }

  /** Waits until the links are as quick as before, but for those that another fault keeps slow or silent. */
  async untilQuick(slowed: Impairments): Promise<Seen> {
    return this.#until({
      limitMs: settleLimitMs,
      among: () => excused(this.#links, this.#context.cluster.members, ["slowed", "impaired", "cut", "paused", "starved", "killed"], slowed.holds),
      // A busy machine makes any of them slow; what is still slowed has no quick one.
      summary: quickest,
      // Where nothing answered before, nothing may take half of what was added.
      fits: (tookMs = NaN, beforeMs = 0) => tookMs - beforeMs < this.#expectedMs / 2,
      unfit: "still longer",
    });
  }

  /** Measures until all links fit, or the time is up; it is so since the beginning of the last measurement. */
  async #until({ limitMs, signal, among, summary, fits, unfit, onceWithin }: Expectation): Promise<Seen> {
    const { clock } = this.#context;
    const endMs = clock.nowMs() + limitMs;
    let took: Durations = new Map();
    for (let round = 1; ; round++) {
      const sinceMs = clock.nowMs();
      const { free, excuses } = among();
      const now = await this.#measured(free, summary, signal);
      took = onceWithin === undefined ? now : slowestOf(took, now);
      const misfits = free.filter((link) => !fits(took.get(link), this.#before.get(link)));
      const notes = misfits.length > 0 ? [`${unfit} over ${listed(misfits.map(({ name }) => name))}`] : excuses;
      if (misfits.length === 0 || round === onceWithin || clock.nowMs() >= endMs) return { sinceMs, proof: this.#proof(took, notes, misfits.length === 0 && this.#links.length > 0) };
      await clock.sleep(askEveryMs, signal);
    }
  }

  async #measured(links: readonly Link[], summary: Expectation["summary"], signal: AbortSignal | undefined): Promise<Durations> {
    const waiting = { limitMs: this.#limitMs, ...(signal === undefined ? {} : { signal }) };
    const { clock } = this.#context;
    if (!this.#strikesAll) return byLink(await Promise.all(Array.from({ length: batch }, () => roundTrips(links, clock, waiting))), slowest);
    const times = 2 * this.#slowness.latencyMs < repeatBelowMs ? repetitions : 1;
    return byLink(await repeated(times, links, clock, waiting), summary);
  }

  get #strikesAll(): boolean {
    return this.#slowness.toxicity >= 1;
  }

  /**
   * What a round trip must take longer: the latency both ways, less a jitter, as a mean may be
   * off by so much, and less a tenth for timers that fire early. Where not all connections are
   * struck, one is mostly in one direction, and three of four then take no less than this.
   */
  get #expectedMs(): number {
    const { latencyMs, jitterMs } = this.#slowness;
    return 0.9 * (this.#strikesAll ? 2 * latencyMs - jitterMs : latencyMs - jitterMs / 2);
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
  /** Of the round trips over one link, where all connections are slowed; else the slowest counts. */
  summary(took: Took): number | undefined;
  fits(tookMs: number | undefined, beforeMs: number | undefined): boolean;
  /** What is said of a link that does not fit. */
  readonly unfit: string;
  /** A link has to fit in one of so many measurements, not in all of the same. */
  readonly onceWithin?: number;
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

function slowestOf(one: Durations, two: Durations): Durations {
  return new Map([...two].map(([link, tookMs]) => [link, slowest([one.get(link) ?? 0, tookMs])]));
}

function slowest(took: Took): number | undefined {
  const answered = took.filter((each) => each !== undefined);
  return answered.length < took.length ? undefined : Math.max(...answered);
}

/** Undefined where any has no answer: the others would make the link look quicker than it is. */
function mean(took: Took): number | undefined {
  return took.reduce((sum, each) => (sum === undefined || each === undefined ? undefined : sum + each / took.length), 0);
}
