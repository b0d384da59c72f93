import type { Certainty } from "../bounds.ts";
import type { Outcome } from "../verdict.ts";
import type { Operator } from "./syntax.ts";

/** A seen value, and between which bounds the true one lies: infinite where nothing is known of it. */
export interface Interval {
  readonly value: number;
  readonly low: number;
  readonly high: number;
}

export function exactly(value: number): Interval {
  return { value, low: value, high: value };
}

/** What a seen value says of the true one. */
export function intervalOf(value: number, { notLess, notMore }: Certainty): Interval {
  return { value, low: notLess ? value : -Infinity, high: notMore ? value : Infinity };
}

export function negated({ value, low, high }: Interval): Interval {
  return { value: -value, low: -high, high: -low };
}

/** The true result lies within the bounds wherever the true operands lie within theirs. */
export function calculated(sign: "+" | "-" | "*" | "/", a: Interval, b: Interval): Interval {
  switch (sign) {
    case "+":
      return { value: a.value + b.value, low: a.low + b.low, high: a.high + b.high };
    case "-":
      return calculated("+", a, negated(b));
    case "*":
      return { value: a.value * b.value, ...hull(a, b, product) };
    case "/":
      // By what may be 0 anything can come out, and by 0 itself nothing does.
      if (b.low <= 0 && b.high >= 0) return { value: b.value === 0 ? NaN : a.value / b.value, low: -Infinity, high: Infinity };
      return { value: a.value / b.value, ...hull(a, b, quotient) };
  }
}

/** Between which bounds the results lie: the extremes are where both operands are at a bound. */
function hull(a: Interval, b: Interval, result: (a: number, b: number) => number): Pick<Interval, "low" | "high"> {
  const corners = [result(a.low, b.low), result(a.low, b.high), result(a.high, b.low), result(a.high, b.high)];
  return { low: Math.min(...corners), high: Math.max(...corners) };
}

/** An unbounded number times nothing is nothing: the true number has some bound. */
function product(a: number, b: number): number {
  return a === 0 || b === 0 ? 0 : a * b;
}

function quotient(a: number, b: number): number {
  return Math.abs(b) === Infinity ? 0 : a / b;
}

/** Whether a comparison holds for all that the two can be (`pass`), for none of it (`fail`), or cannot be told. */
export function compared(a: Interval, operator: Operator, b: Interval): Outcome {
  switch (operator) {
    case "<":
      return decided(a.high < b.low, a.low >= b.high);
    case "<=":
      return decided(a.high <= b.low, a.low > b.high);
    case ">":
      return compared(b, "<", a);
    case ">=":
      return compared(b, "<=", a);
    case "==":
      return decided(a.low === a.high && b.low === b.high && a.low === b.low, a.high < b.low || a.low > b.high);
    case "!=":
      return opposite(compared(a, "==", b));
  }
}

function decided(holds: boolean, cannot: boolean): Outcome {
  return holds ? "pass" : cannot ? "fail" : "inconclusive";
}

/** What cannot be told stays so. */
export function opposite(outcome: Outcome): Outcome {
  return outcome === "pass" ? "fail" : outcome === "fail" ? "pass" : "inconclusive";
}
