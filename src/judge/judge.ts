import type { Assertion } from "../../assertions/assertion.ts";
import type { Expectation } from "../../assertions/expectation.ts";
import { Shared } from "../../assertions/shared.ts";
import { worst } from "../../assertions/verdict.ts";
import { faultWindows } from "../analysis/fault-windows.ts";
import type { Recording } from "../recording/recording.ts";
import { assumptions } from "./assumptions.ts";
import { judgeExpectation } from "./expectation.ts";
import { judgeOne, violationText } from "./judge-one.ts";
import { judgeSteadyState, type SteadyHypothesis } from "./steady-state.ts";
import type { JudgedAssertion, JudgedAssumption, Results } from "./results.ts";

/** What a scenario says beside its assertions. */
export interface JudgedBesides {
  /** Those under `abort-if`. */
  readonly watched?: readonly Assertion[] | undefined;
  /** It comes first in the table. */
  readonly steadyState?: SteadyHypothesis | undefined;
  /** What a bug that is known violates. */
  readonly expect?: Expectation | undefined;
}

/**
 * Judges a recording. Assumptions come first: a run whose fault did not bite, or whose load was
 * not reached, is inconclusive at best. A violated assertion stays a fail all the same.
 */
export function judge(recording: Recording, asserted: readonly Assertion[], replay: string, { watched = [], steadyState, expect }: JudgedBesides = {}): Results {
  const shared = new Shared();
  const steady = steadyState === undefined ? [] : judgeSteadyState(recording, steadyState);
  const assertions = [...steady, ...asserted.map((assertion) => judgeOne(recording, assertion, shared))];
  const assumed = assumptions(recording, faultWindows(recording), watched, shared);
  const outcome = worst([...assertions.map(({ verdict }) => verdict.outcome), ...assumed.map((assumption) => assumption.outcome)]);
  const { scenario, seed } = recording.info;
  const results: Results = { format: 1, scenario, seed, outcome, sentence: sentenceFor(assertions, assumed), replay, assertions, assumptions: assumed };
  return expect === undefined ? results : { ...results, ...judgeExpectation(recording, results, expect) };
}

function sentenceFor(assertions: readonly JudgedAssertion[], assumed: readonly JudgedAssumption[]): string {
  const failed = assertions.filter(({ verdict }) => verdict.outcome === "fail");
  // A broken promise weighs more than a bound that was missed, wherever the scenario has it.
  const violation = failed.find(({ verdict }) => verdict.counterexample !== undefined) ?? failed[0];
  if (violation !== undefined) {
    const more = failed.length > 1 ? ` (and ${failed.length - 1} more)` : "";
    return `${violationText(violation)}${more}`;
  }
  const broken = assumed.find(({ outcome }) => outcome !== "pass");
  if (broken !== undefined) return `the assumption "${broken.title}" does not hold: ${broken.observed}`;
  const open = assertions.find(({ verdict }) => verdict.outcome === "inconclusive");
  if (open !== undefined) return `${open.title}: ${open.verdict.reason ?? open.verdict.observed}`;
  return assertions.length === 1 ? "the assertion holds" : `all ${assertions.length} assertions hold`;
}
