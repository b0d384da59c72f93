import { seededRandom } from "../random.ts";
import { Coverage } from "./coverage.ts";
import { distinct } from "./feature.ts";
import type { Finding } from "./finding.ts";
import { Guide } from "./guide.ts";
import { intendedFeatures } from "./intended.ts";
import type { Limits } from "./limits.ts";
import type { Played, Player } from "./played.ts";
import { reduce } from "./reduce.ts";
import type { Sketch } from "./sketch.ts";
import { groupOf, guaranteeOf, type Violation } from "./violation.ts";

export interface Search {
  readonly seed: number;
  readonly limits: Limits;
  /** On the clock; no run begins afterwards. */
  readonly untilMs: number;
  /** Nothing is drawn from then on: what is left of the time makes findings smaller that had to wait. */
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

/** A finding that has yet to be made smaller. */
export type Found = Omit<Finding, "reduced">;

export interface Exploration {
  readonly runs: Readonly<Record<Played["outcome"], number>>;
  /** Runs that made findings smaller. */
  readonly reducing: number;
  readonly findings: readonly Finding[];
  readonly coverage: Coverage;
  /** Why runs had no verdict, each reason once. */
  readonly troubles: readonly string[];
}

/**
 * Plays scenarios drawn by chance, those first that promise to cover what no run did, until its time is over. What breaks a
 * promise for the first time is made smaller at once, while nothing else runs; what else the same run breaks waits for the end.
 */
export async function explore(search: Search): Promise<Exploration> {
  const coverage = new Coverage();
  const guide = new Guide(seededRandom(search.seed, "explore/sketches"), search.limits, coverage);
  const seeds = seededRandom(search.seed, "explore/seeds");
  const runs = { pass: 0, fail: 0, inconclusive: 0, broken: 0 };
  const groups = new Map<string, Found>();
  const findings: Finding[] = [];
  const troubles = new Set<string>();
  let [begun, reducing] = [0, 0];
  const isOver = (): boolean => search.signal.aborted || search.nowMs() >= search.untilMs;

  const isDrawing = (): boolean => !isOver() && search.nowMs() < search.drawUntilMs && begun < search.runsMax;

  const counting: Player = {
    play: (sketch, seed) => ((reducing += 1), search.player.play(sketch, seed)),
    forget: (played) => search.player.forget(played),
  };

  async function searchUntilFound(waiting: Found[]): Promise<void> {
    while (isDrawing() && waiting.length === 0) {
      begun += 1;
      const run = begun;
      const sketch = guide.next();
      const seed = seeds.int(0, 999_999_999);
      const played = await search.player.play(sketch, seed);
      runs[played.outcome] += 1;
      if (played.trouble !== undefined) troubles.add(played.trouble);
      const fresh = coverage.take(run, distinct([...played.covered, ...(played.outcome === "broken" ? [] : intendedFeatures(sketch).filter(({ of }) => of === "fault under load" || of === "way of watching" || of === "flag"))]));
      if (fresh.length > 0) guide.promising(sketch);
      search.onRun?.({ run, sketch, seed, played, fresh: fresh.length });
      const found = newOnes(played.violations, groups).map((violation, index): Found => ({
        number: groups.size + index + 1, group: groupOf(violation), guarantee: guaranteeOf(violation), violation, run, sketch, seed, played, afterMs: search.nowMs(), again: 0,
      }));
      for (const each of found) {
        groups.set(each.group, each);
        search.onFinding?.(each);
      }
      waiting.push(...found);
      if (found.length === 0) await search.player.forget(played);
    }
  }

  /** Makes one smaller. @returns those of the others that its smallest sketch does not show as well */
  async function reduceOne(next: Found, others: readonly Found[]): Promise<Found[]> {
    const reduceUntilMs = search.nowMs() + search.reduceMaxMs;
    const { reduced, along } = await reduce(next, { ...search, player: counting, isOver: () => isOver() || search.nowMs() >= reduceUntilMs });
    findings.push({ ...next, reduced });
    search.onReduced?.({ ...next, reduced });
    for (const other of others) if (along.has(other.guarantee)) findings.push({ ...other, reduced: { kind: "along", with: next.number } });
    return others.filter(({ guarantee }) => !along.has(guarantee));
  }

  let later: Found[] = [];
  while (isDrawing()) {
    const waiting: Found[] = [];
    await Promise.all(Array.from({ length: search.sideBySide }, () => searchUntilFound(waiting)));
    // What one run breaks is mostly one bug: the first is made smaller at once, the others when there is time.
    const firsts = waiting.filter(({ run }, index) => waiting.findIndex((each) => each.run === run) === index);
    later.push(...waiting.filter((each) => !firsts.includes(each)));
    for (const first of firsts) later = await reduceOne(first, later);
  }
  for (let [next, ...others] = later; next !== undefined; [next, ...others] = later) later = await reduceOne(next, others);
  const counted = findings.map((finding) => ({ ...finding, again: groups.get(finding.group)?.again ?? 0 })).sort((a, b) => a.number - b.number);
  return { runs, reducing, findings: counted, coverage, troubles: [...troubles] };
}

/** Violations of a group that was not seen before; those that were are counted. */
function newOnes(violations: readonly Violation[], groups: ReadonlyMap<string, Found>): Violation[] {
  const fresh = new Map<string, Violation>();
  for (const violation of violations) {
    const known = groups.get(groupOf(violation));
    if (known !== undefined) known.again += 1;
    else if (!fresh.has(groupOf(violation))) fresh.set(groupOf(violation), violation);
  }
  return [...fresh.values()];
}
