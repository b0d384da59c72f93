import { seededRandom, type Random } from "../random.ts";
import { Coverage } from "./coverage.ts";
import { distinct, type Feature } from "./feature.ts";
import type { Finding, Found } from "./finding.ts";
import { Findings } from "./findings.ts";
import { Guide } from "./guide.ts";
import { intendedFeatures } from "./intended.ts";
import type { Limits } from "./limits.ts";
import type { Played, Player } from "./played.ts";
import type { Sketch } from "./sketch.ts";

export interface Search {
  readonly seed: number;
  readonly limits: Limits;
  /** On the clock; no run begins afterwards. */
  readonly untilMs: number;
  /** What is left of the time then makes findings smaller that had to wait; only when none is left, more is drawn. */
  readonly drawUntilMs: number;
  /** Each finding is made smaller for so long at most, in ms. */
  readonly reduceMaxMs: number;
  /** At most so many runs, those that make findings smaller not counted. */
  readonly runsMax: number;
  readonly sideBySide: number;
  readonly player: Player;
  /** The clock that `untilMs` is on. */
  readonly nowMs: () => number;
  readonly signal: AbortSignal;
  readonly onRun?: (run: SearchedRun) => void;
  readonly onFinding?: (finding: Found) => void;
  readonly onReduced?: (finding: Finding) => void;
  readonly onTry?: (finding: Found, sketch: Sketch, failed: boolean) => void;
}

export interface SearchedRun {
  readonly run: number;
  readonly sketch: Sketch;
  readonly seed: number;
  readonly played: Played;
  /** How many features it covered that none before it did. */
  readonly fresh: number;
}

export interface Exploration {
  readonly runs: Readonly<Record<Played["outcome"], number>>;
  /** Runs that made findings smaller. */
  readonly reducing: number;
  readonly findings: readonly Finding[];
  readonly coverage: Coverage;
  /** Why runs had no verdict, each reason once. */
  readonly troubles: readonly string[];
}

/** What draws, plays and counts the runs of a search, until something is found. */
class Drawing {
  readonly runs = { pass: 0, fail: 0, inconclusive: 0, broken: 0 };
  readonly coverage = new Coverage();
  readonly troubles = new Set<string>();
  readonly #search: Search;
  readonly #findings: Findings;
  readonly #guide: Guide;
  readonly #seeds: Random;
  #begun = 0;

  constructor(search: Search, findings: Findings) {
    this.#search = search;
    this.#findings = findings;
    this.#guide = new Guide(seededRandom(search.seed, "explore/sketches"), search.limits, this.coverage);
    this.#seeds = seededRandom(search.seed, "explore/seeds");
  }

  isDue(drawUntilMs: number): boolean {
    const { signal, nowMs, untilMs, runsMax } = this.#search;
    return !signal.aborted && nowMs() < Math.min(drawUntilMs, untilMs) && this.#begun < runsMax;
  }

  /** Plays one run after the other until one of those side by side finds something, which is added to what is waiting. */
  async untilFound(waiting: Found[], drawUntilMs: number): Promise<void> {
    while (this.isDue(drawUntilMs) && waiting.length === 0) waiting.push(...(await this.#playOne()));
  }

  async #playOne(): Promise<readonly Found[]> {
    const { player, nowMs, onRun } = this.#search;
    const run = (this.#begun += 1);
    const sketch = this.#guide.next();
    const seed = this.#seeds.int(0, 999_999_999);
    const played = await player.play(sketch, seed);
    this.runs[played.outcome] += 1;
    if (played.trouble !== undefined) this.troubles.add(played.trouble);
    const fresh = this.coverage.take(run, distinct([...played.covered, ...coveredByIntent(sketch, played)]));
    if (fresh.length > 0) this.#guide.promising(sketch);
    onRun?.({ run, sketch, seed, played, fresh: fresh.length });
    const found = this.#findings.newOnes({ run, sketch, seed, played, afterMs: nowMs() });
    if (found.length === 0) await player.forget(played);
    return found;
  }
}

/** What cannot be read from a recording, and was there if there was a run at all. */
function coveredByIntent(sketch: Sketch, { outcome }: Played): Feature[] {
  return outcome === "broken" ? [] : intendedFeatures(sketch).filter(({ of }) => of === "fault under load" || of === "way of watching" || of === "flag");
}

/**
 * Plays scenarios drawn by chance, those first that promise to cover what no run did, until its time is over. What breaks a
 * promise for the first time is made smaller at once, while nothing else runs; what else the same run breaks waits until the
 * last part of the time. What is left of that is for drawing again.
 */
export async function explore(search: Search): Promise<Exploration> {
  const findings = new Findings(search);
  const drawing = new Drawing(search, findings);
  for (const drawUntilMs of [search.drawUntilMs, search.untilMs]) {
    while (drawing.isDue(drawUntilMs)) {
      const waiting: Found[] = [];
      await Promise.all(Array.from({ length: search.sideBySide }, () => drawing.untilFound(waiting, drawUntilMs)));
      await findings.reduceFirsts(waiting);
    }
    await findings.reduceRest();
  }
  const { runs, coverage, troubles } = drawing;
  return { runs, reducing: findings.reducing, findings: findings.all(), coverage, troubles: [...troubles] };
}
