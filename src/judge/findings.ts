import { countsAs, type Outcome } from "../../assertions/verdict.ts";

/** An assertion or assumption that does not hold, or of which the recording cannot tell. */
export interface Finding {
  readonly outcome: "fail" | "inconclusive";
  readonly title: string;
  /** Where an assertion stands in its scenario file, counted from 1. */
  readonly line?: number | undefined;
  /** What was seen, and what was wanted or is missing. */
  readonly text: string;
}

/** What of a run's results tells of what does not hold. */
export interface JudgedParts {
  readonly assertions: readonly {
    readonly title: string;
    readonly line?: number | undefined;
    readonly expected?: true | undefined;
    readonly verdict: { readonly outcome: Outcome; readonly observed: string; readonly bound: string; readonly reason?: string | undefined };
  }[];
  readonly assumptions: readonly { readonly title: string; readonly outcome: Outcome; readonly observed: string }[];
}

/** All that keeps a run from passing: violations first, each kind in the order of the table. */
export function findingsOf({ assertions, assumptions }: JudgedParts): Finding[] {
  const asserted = assertions.flatMap((judged): Finding[] => {
    const { title, line, verdict: { observed, bound, reason } } = judged;
    const outcome = countsAs(judged);
    if (outcome === "pass") return [];
    const text = `${reason === undefined ? "" : `${reason} `}(observed ${observed}, bound ${bound})`;
    return [{ outcome, title, ...(line === undefined ? {} : { line }), text }];
  });
  const assumed = assumptions.flatMap(({ title, outcome, observed }): Finding[] => (outcome === "pass" ? [] : [{ outcome, title, text: observed }]));
  const all = [...assumed, ...asserted];
  return [...all.filter(({ outcome }) => outcome === "fail"), ...all.filter(({ outcome }) => outcome === "inconclusive")];
}
