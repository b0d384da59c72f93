import { calculated, exactly, negated, type Interval } from "./interval.ts";
import type { Quantity, Span, Term } from "./syntax.ts";

/** What a term comes to, given what each of its quantities does. Times are in seconds. */
export function termValue(term: Term, valueOf: (quantity: Quantity & Span) => Interval): Interval {
  switch (term.type) {
    case "literal":
      return exactly(term.unit === "duration" ? term.value / 1_000 : term.value);
    case "quantity":
      return valueOf(term);
    case "negative":
      return negated(termValue(term.operand, valueOf));
    case "binary":
      return calculated(term.sign, termValue(term.left, valueOf), termValue(term.right, valueOf));
  }
}
