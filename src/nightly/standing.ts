import type { Attempt, EndedTurn, TurnEnd } from "./nightly.ts";

/** What a turn counts as. A flake did not pass every time: one that passed at last is no pass. */
export type Standing = "fail" | "flake" | "broken" | "inconclusive" | "interrupted" | "not-run" | "unplayable" | "pass";

/** From what has to be looked at to what has not. */
export const standings: readonly Standing[] = ["fail", "flake", "broken", "inconclusive", "interrupted", "not-run", "unplayable", "pass"];

/** A pass by the first attempt alone; one after another end is a flake; without any, the worst end counts. */
export function standingOf(end: TurnEnd): Standing {
  if (end.kind !== "played") return end.kind;
  const outcomes = end.attempts.map(({ outcome }) => outcome);
  if (outcomes.includes("pass")) return outcomes.every((outcome) => outcome === "pass") ? "pass" : "flake";
  return worstEnds.find((worst) => outcomes.includes(worst)) ?? "broken";
}

const worstEnds = ["fail", "broken", "inconclusive", "interrupted"] as const satisfies readonly Attempt["outcome"][];

/** The worst of several; of none, not run. */
export function worstStanding(all: readonly Standing[]): Standing {
  return standings.find((standing) => all.includes(standing)) ?? "not-run";
}

/** A scenario with all its turns. */
export interface ScenarioTurns {
  readonly scenario: string;
  readonly standing: Standing;
  readonly turns: readonly EndedTurn[];
}

/** Scenarios with what they came to: those to look at first, otherwise by name. */
export function byScenario(turns: readonly EndedTurn[]): ScenarioTurns[] {
  const names = [...new Set(turns.map(({ scenario }) => scenario))].sort();
  const all = names.map((scenario): ScenarioTurns => {
    const own = turns.filter((turn) => turn.scenario === scenario);
    return { scenario, standing: worstStanding(own.map(({ end }) => standingOf(end))), turns: own };
  });
  return all.sort((a, b) => standings.indexOf(a.standing) - standings.indexOf(b.standing));
}

/** Its attempts; none where it was not played. */
export function attemptsOf({ end }: Pick<EndedTurn, "end">): readonly Attempt[] {
  return end.kind === "played" ? end.attempts : [];
}
