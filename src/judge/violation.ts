import type { Assertion } from "../../assertions/assertion.ts";
import { Shared } from "../../assertions/shared.ts";
import { formatDuration } from "../units/duration.ts";
import type { Recording } from "../recording/recording.ts";
import { judgeOne, violationText } from "./judge-one.ts";
import type { JudgedAssertion } from "./results.ts";

/** The first of the assertions that the recording violates, with what shows it, as one sentence; undefined where none is. */
export function violationIn(recording: Recording, asserted: readonly Assertion[], shared = new Shared()): string | undefined {
  for (const assertion of asserted) {
    const judged = judgeOne(recording, assertion, shared);
    if (judged.verdict.outcome === "fail") return `${violationText(judged)}${firstEvidence(judged)}`;
  }
  return undefined;
}

function firstEvidence({ verdict: { evidence: [first] } }: JudgedAssertion): string {
  if (first === undefined) return "";
  const { atMs, member, text } = first;
  return ` (${member === undefined ? "" : `${member} `}at ${formatDuration(atMs)}: ${text})`;
}

/**
 * A recording of a run that goes on, as if it had been interrupted at a moment of which all has been
 * written meanwhile. The phase of that moment was cut short then, so that only what was seen can
 * violate anything, not what is missing; what no later event can mend is thus certain.
 */
export function interruptedAt(recording: Recording, atMs: number): Recording {
  const begun = recording.phases.filter(({ startMs }) => startMs < atMs);
  return {
    ...recording,
    info: { ...recording.info, status: "interrupted", signal: "a look at what there is so far" },
    phases: begun.map((phase) => ({ ...phase, endMs: Math.min(phase.endMs, atMs) })),
  };
}
