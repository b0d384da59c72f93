import type { Assertion } from "../../assertions/assertion.ts";
import { Shared } from "../../assertions/shared.ts";
import type { Verdict } from "../../assertions/verdict.ts";
import { calmAfter, calmBefore, withTimeline, type CalmWindow } from "../analysis/steady-windows.ts";
import type { Recording } from "../recording/recording.ts";
import { judgeOne } from "./judge-one.ts";
import type { JudgedAssertion } from "./results.ts";

/** What is usual, as `steady-state` of a scenario has it. */
export interface SteadyHypothesis {
  readonly assertions: readonly Assertion[];
  readonly settleMs: number;
}

/**
 * Judges a steady state twice, each assertion over the time before the first fault and over that after the last, as the Chaos
 * Toolkit does by probes. What did not hold before says nothing of the faults: inconclusive. What does not hold after is a
 * fail. A run without faults has a time before alone.
 */
export function judgeSteadyState(recording: Recording, { assertions, settleMs }: SteadyHypothesis): JudgedAssertion[] {
  const before = calmBefore(recording);
  const after = calmAfter(recording, settleMs);
  return [
    ...assertions.map((assertion) => row("before", recording, assertion, before, notUsual)),
    ...(after === undefined ? [] : assertions.map((assertion) => row("after", recording, assertion, after, (verdict) => verdict))),
  ];
}

function row(steadyState: "before" | "after", recording: Recording, assertion: Assertion, window: CalmWindow, settle: (verdict: Verdict) => Verdict): JudgedAssertion {
  const { kind, line } = assertion;
  const asked = assertion.title.replace(/ over the run\b/, "");
  const named = { kind, title: `steady state ${steadyState}: ${asked}`, ...(line === undefined ? {} : { line }), steadyState };
  if ("reason" in window) return { ...named, verdict: { outcome: "inconclusive", observed: "no such time in the recording", bound: asked, reason: window.reason, evidence: [] } };
  return { ...named, verdict: settle(judgeOne(withTimeline(recording, window), assertion, new Shared()).verdict) };
}

function notUsual(verdict: Verdict): Verdict {
  if (verdict.outcome !== "fail") return verdict;
  return { ...verdict, outcome: "inconclusive", reason: `it did not hold even before the first fault: ${verdict.reason ?? verdict.observed}` };
}
