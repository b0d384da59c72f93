import type { Outcome, Verdict } from "../../assertions/verdict.ts";

/** An assertion with its verdict: a row of the table. */
export interface JudgedAssertion {
  readonly kind: string;
  readonly title: string;
  /** Where it stands in its scenario file, counted from 1. */
  readonly line?: number;
  readonly verdict: Verdict;
  /** It is of the steady state, over the time before the first fault or after the last. */
  readonly steadyState?: "before" | "after";
  /** Its violation is what the scenario expects of this etcd, and so no failure of the run. */
  readonly expected?: true;
}

/** What a scenario expects of an etcd with a bug that is known, and what came of it. */
export interface JudgedExpectation {
  readonly issue?: string;
  /** `watch/bookmarkable`. */
  readonly fail: readonly string[];
  /** The versions that show it, as a range of semver. */
  readonly on: string;
  /** Whether the etcd that ran is among those; absent where its version says nothing. */
  readonly affected?: boolean;
  /** Whether all that was expected was violated. */
  readonly shown: boolean;
  /** From the start of the load to what shows it. */
  readonly shownAfterMs?: number;
}

/** Something that must hold for verdicts to mean anything: the fault bit, load was reached, the recording is whole. */
export interface JudgedAssumption {
  readonly title: string;
  readonly outcome: Outcome;
  /** What was seen, as a sentence. */
  readonly observed: string;
}

/** `results.json`: what was judged from a recording. */
export interface Results {
  readonly format: 1;
  readonly scenario: string;
  readonly seed: number;
  readonly outcome: Outcome;
  /** One sentence: why this outcome. */
  readonly sentence: string;
  /** The command that runs the same again. */
  readonly replay: string;
  /** The scenario file whose assertions these are, where it is not the one that was run. */
  readonly assertionsFrom?: string;
  /** Absent where the scenario expects nothing to be violated. */
  readonly expectation?: JudgedExpectation;
  readonly assertions: readonly JudgedAssertion[];
  readonly assumptions: readonly JudgedAssumption[];
}

/** The text of `results.json`; counterexamples have a file of their own. */
export function resultsText(results: Results): string {
  return `${JSON.stringify(results, (key, value: unknown) => (key === "counterexample" ? undefined : value), 2)}\n`;
}
