import type { Results } from "./results.ts";

/** An assertion or assumption that does not hold, or of which the recording cannot tell. */
export interface Finding {
  readonly outcome: "fail" | "inconclusive";
  readonly title: string;
  /** Where an assertion stands in its scenario file, counted from 1. */
  readonly line?: number;
  /** What was seen, and what was wanted or is missing. */
  readonly text: string;
}

/** All that keeps a run from passing: violations first, each kind in the order of the table. */
export function findingsOf({ assertions, assumptions }: Pick<Results, "assertions" | "assumptions">): Finding[] {
  const asserted = assertions.flatMap(({ title, line, verdict: { outcome, observed, bound, reason } }): Finding[] => {
    if (outcome === "pass") return [];
    const text = `${reason === undefined ? "" : `${reason} `}(observed ${observed}, bound ${bound})`;
    return [{ outcome, title, ...(line === undefined ? {} : { line }), text }];
  });
  const assumed = assumptions.flatMap(({ title, outcome, observed }): Finding[] => (outcome === "pass" ? [] : [{ outcome, title, text: observed }]));
  const all = [...assumed, ...asserted];
  return [...all.filter(({ outcome }) => outcome === "fail"), ...all.filter(({ outcome }) => outcome === "inconclusive")];
}
