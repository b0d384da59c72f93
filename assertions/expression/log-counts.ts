import { lowerBoundOnly } from "../log.ts";
import { ExpressionError } from "./error.ts";
import { rangeOf } from "./functions.ts";
import { compared, exactly, opposite } from "./interval.ts";
import { quantitiesOf } from "./quantities.ts";
import type { Comparison, Operator, Quantity, Term } from "./syntax.ts";
import { termValue } from "./value.ts";

/**
 * Refuses what no count of log lines can show: that there were no more than so many, or exactly so
 * many, other than none.
 *
 * @param isNegated it stands under a `not`, so that it is asked for the opposite
 * @throws ExpressionError
 */
export function checkLogCounts(comparison: Comparison, isNegated: boolean): void {
  const { left, right } = comparison;
  const asked = isNegated ? negations[comparison.operator] : comparison.operator;
  const counts = (side: Term): Quantity[] => quantitiesOf(side).filter(({ measure, source }) => source.of === "log" && measure.name === "count");
  for (const [side, operator] of [[left, asked], [right, turned[asked]]] as const) {
    for (const count of counts(side)) {
      const limited = limits(operator, directionOf(side, count));
      if (!limited || isNone(comparison, count, isNegated)) continue;
      const span = quantitiesOf(side).find((each) => each === count) ?? comparison;
      throw new ExpressionError(span, lowerBoundOnly, { hint: "Ask for none of them, count(log …) == 0, or for at least so many." });
    }
  }
}

const turned: Readonly<Record<Operator, Operator>> = { "<": ">", "<=": ">=", ">": "<", ">=": "<=", "==": "==", "!=": "!=" };
const negations: Readonly<Record<Operator, Operator>> = { "<": ">=", "<=": ">", ">": "<=", ">=": "<", "==": "!=", "!=": "==" };

/** Whether a quantity with which its side grows (1) or shrinks (-1) is to be no larger than something. */
function limits(operator: Operator, direction: number): boolean {
  if (operator === "==" || operator === "!=") return true;
  return (operator === "<" || operator === "<=") === direction > 0;
}

/** 1 where a term grows with a quantity, -1 where it shrinks. */
function directionOf(term: Term, quantity: Quantity): number {
  switch (term.type) {
    case "literal":
      return 0;
    case "quantity":
      return term === quantity ? 1 : 0;
    case "negative":
      return -directionOf(term.operand, quantity);
    case "binary": {
      const [left, right] = [directionOf(term.left, quantity), directionOf(term.right, quantity)];
      if (term.sign === "+" || term.sign === "-") return left === 0 ? (term.sign === "+" ? right : -right) : left;
      const other = termValue(left === 0 ? term.left : term.right, rangeOf).high <= 0 ? -1 : 1;
      return other * (left === 0 ? (term.sign === "*" ? right : -right) : left);
    }
  }
}

/** It holds for 0 and for nothing above: no line is a certain number of lines. Of `!= 0` the same is said of the opposite. */
function isNone({ left, right, operator }: Comparison, count: Quantity, isNegated: boolean): boolean {
  if (quantitiesOf(left).length + quantitiesOf(right).length > 1) return false;
  const outcomeOf = (lines: number) => {
    const sideOf = (side: Term) => termValue(side, (quantity) => (quantity === count ? exactly(lines) : rangeOf(quantity)));
    const outcome = compared(sideOf(left), operator, sideOf(right));
    return isNegated ? opposite(outcome) : outcome;
  };
  const [none, one, two] = [outcomeOf(0), outcomeOf(1), outcomeOf(2)];
  return none !== "inconclusive" && one === opposite(none) && one === two;
}
