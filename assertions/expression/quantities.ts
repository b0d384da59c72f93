import type { Quantity, Span, Term } from "./syntax.ts";

/** All that is measured in a term, from left to right. */
export function quantitiesOf(term: Term): (Quantity & Span)[] {
  switch (term.type) {
    case "literal":
      return [];
    case "quantity":
      return [term];
    case "negative":
      return quantitiesOf(term.operand);
    case "binary":
      return [...quantitiesOf(term.left), ...quantitiesOf(term.right)];
  }
}
