import { ExpressionError } from "./error.ts";
import { rangeOf, unitOf, type Unit } from "./functions.ts";
import { checkLogCounts } from "./log-counts.ts";
import { compared, type Interval } from "./interval.ts";
import { printTerm } from "./printer.ts";
import { quantitiesOf } from "./quantities.ts";
import type { Comparison, Quantity, Term } from "./syntax.ts";
import { termValue } from "./value.ts";

/**
 * Refuses comparisons that no recording could decide one way or the other: of different units,
 * without anything that is measured, always so, or never, or of counts that are known to be but lower bounds.
 *
 * @param isNegated it stands under a `not`
 * @throws ExpressionError
 */
export function checkSense(comparison: Comparison, isNegated = false): void {
  const { left, right, operator } = comparison;
  const quantities = [...quantitiesOf(left), ...quantitiesOf(right)];
  const both = { start: left.start, end: right.end };
  if (quantities.length === 0) throw new ExpressionError(both, "nothing is measured in this comparison", { hint: "One side at least has a quantity, such as p99(put)." });
  checkUnits(comparison, unitOf);
  checkLogCounts(comparison, isNegated);
  const outcome = compared(termRange(left), operator, termRange(right));
  if (outcome === "inconclusive") return;
  const hint = [...new Set(quantities.map(({ window: _, members: __, ...bare }) => rangeText(printTerm(bare), rangeOf(bare))))].join("; ");
  throw new ExpressionError(both, outcome === "pass" ? "this is always so, whatever happens" : "this can never be so", { hint: `${hint}.` });
}

/** What each quantity is counted in; `any` of what goes with everything, or is not known. */
export type UnitOf = (quantity: Quantity) => Unit | "any";

/** Refuses what is counted in one unit and compared with another. @throws ExpressionError */
export function checkUnits({ left, right }: Pick<Comparison, "left" | "right">, unitOfQuantity: UnitOf): void {
  sameUnit(left, right, "be compared", unitOfQuantity);
}

function termRange(term: Term): Interval {
  return termValue(term, rangeOf);
}

function rangeText(name: string, { low, high }: Interval): string {
  if (low === 0 && high === 1) return `${name} is from 0 to 1, that is 0% to 100%`;
  if (high !== Infinity) return `${name} is from ${low} to ${high}`;
  return low === -Infinity ? `${name} can be anything` : `${name} is never below ${low}`;
}

/** What a term is counted in: of a 0 any, which is the same in each. @throws ExpressionError where units do not go together */
export function termUnit(term: Term, unitOfQuantity: UnitOf): Unit | "any" {
  switch (term.type) {
    case "literal":
      return term.value === 0 ? "any" : term.unit === "duration" ? "time" : "number";
    case "quantity":
      return unitOfQuantity(term);
    case "negative":
      return termUnit(term.operand, unitOfQuantity);
    case "binary":
      return term.sign === "+" || term.sign === "-" ? sameUnit(term.left, term.right, "be added", unitOfQuantity) : productUnit(term, unitOfQuantity);
  }
}

function productUnit(term: Extract<Term, { type: "binary" }>, unitOfQuantity: UnitOf): Unit | "any" {
  const [left, right] = [termUnit(term.left, unitOfQuantity), termUnit(term.right, unitOfQuantity)];
  const isProduct = term.sign === "*";
  if (isProduct && left === "time" && right === "time") throw new ExpressionError(term, "a time cannot be multiplied by a time");
  if (!isProduct && (left === "any" || right === "any") && term.right.type !== "literal") return "any";
  if (isProduct) return left === "number" ? right : left === "any" && right === "any" ? "any" : left === "any" ? right : left;
  if (term.right.type === "literal" && term.right.value === 0) throw new ExpressionError(term.right, "nothing can be divided by 0");
  if (right === "time" && left === "number") throw new ExpressionError(term, "a plain number cannot be divided by a time");
  return right === "time" ? "number" : left;
}

/** A unit that both sides have. */
function sameUnit(left: Term, right: Term, verb: string, unitOfQuantity: UnitOf): Unit | "any" {
  const [one, other] = [termUnit(left, unitOfQuantity), termUnit(right, unitOfQuantity)];
  if (one === other || other === "any") return one;
  if (one === "any") return other;
  const [time, plain] = one === "time" ? [left, right] : [right, left];
  if (plain.type === "literal") throw new ExpressionError(plain, `${quoted(time)} is a time, and this has no unit`, plain.unit === "number" ? { hint: `Did you mean ${printTerm(plain)}s or ${printTerm(plain)}ms?` } : {});
  if (time.type === "literal") throw new ExpressionError(time, `this is a duration, and ${quoted(plain)} is not in seconds`, { hint: "Metrics in seconds have names that end with _seconds, _seconds_sum or _seconds_total." });
  throw new ExpressionError({ start: left.start, end: right.end }, `${quoted(time)} is a time and ${quoted(plain)} is not, so that they cannot ${verb}`);
}

function quoted(term: Term): string {
  return `"${printTerm(term)}"`;
}
