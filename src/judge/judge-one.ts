import type { Assertion } from "../../assertions/assertion.ts";
import type { Shared } from "../../assertions/shared.ts";
import type { Verdict } from "../../assertions/verdict.ts";
import { messageOf } from "../errors.ts";
import type { Recording } from "../recording/recording.ts";
import type { JudgedAssertion } from "./results.ts";

/** An assertion that crashes says nothing about etcd: inconclusive, as in Jepsen's checkers. */
export function judgeOne(recording: Recording, assertion: Assertion, shared: Shared): JudgedAssertion {
  const { kind, title, line } = assertion;
  const judged = { kind, title, ...(line === undefined ? {} : { line }) };
  try {
    return { ...judged, verdict: assertion.judge(recording, shared) };
  } catch (error) {
    const verdict: Verdict = { outcome: "inconclusive", observed: "the assertion crashed", bound: title, reason: messageOf(error), evidence: [] };
    return { ...judged, verdict };
  }
}

/** Which assertion is violated, and by what: `leader changes over the run: 3 changes were seen …`. */
export function violationText({ title, verdict: { reason, observed, bound } }: JudgedAssertion): string {
  return `${title}: ${reason ?? `observed ${observed}, wanted ${bound}`}`;
}
