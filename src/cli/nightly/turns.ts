import { HarnessError } from "../../errors.ts";
import type { Turn } from "../../nightly/nightly.ts";
import { makePlan } from "../../plan/plan.ts";
import { shown } from "../paths.ts";
import type { NamedScenario, ReadyScenario } from "../prepare.ts";

/** A turn, and why it cannot be played here where that is so. */
export interface PossibleTurn {
  readonly turn: Turn;
  readonly because?: string;
}

/** A scenario that is to have its turns. */
export interface Entrant extends ReadyScenario {
  /** The etcd that its turns are for, where there are several. */
  readonly column?: string;
}

/** All scenarios once, then all of them again: a time limit then costs repetitions before it costs scenarios. */
export function turnsOf(entrants: readonly Entrant[], firstSeed: number, repeat: number): PossibleTurn[] {
  return Array.from({ length: repeat }, (_, index) => entrants.map((entrant) => turnOf(entrant, index + 1, firstSeed + index))).flat();
}

function turnOf({ asked, path, scenario, runtime, prepared, obstacle, column }: Entrant, repeat: number, seed: number): PossibleTurn {
  const { durationMs, unavailable } = makePlan(scenario, { seed, lacking: { ...runtime.lacks, ...prepared.lacks } });
  const turn = { scenario: scenario.name, asked, path: shown(path), repeat, seed, ...(column === undefined ? {} : { etcd: column }), timelineMs: durationMs };
  const reasons = [...new Set([...(obstacle === undefined ? [] : [obstacle.message]), ...unavailable.map(({ because }) => because)])];
  return reasons.length === 0 ? { turn } : { turn, because: reasons.join("; ") };
}

/**
 * Runs are kept by the name of their scenario.
 * @throws HarnessError `usage` where two have one name
 */
export function distinct(scenarios: readonly NamedScenario[]): readonly NamedScenario[] {
  const paths = new Map<string, string>();
  for (const { scenario, path } of scenarios) {
    const other = paths.get(scenario.name);
    if (other !== undefined) throw new HarnessError("usage", `${other === path ? `${path} is named twice` : `${other} and ${path} have one name`}, and scenarios are told apart by their names`);
    paths.set(scenario.name, path);
  }
  return scenarios;
}
