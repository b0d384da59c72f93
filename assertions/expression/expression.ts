import type { Recording } from "../../src/recording/recording.ts";
import { formatDuration } from "../../src/units/duration.ts";
import type { Assertion } from "../assertion.ts";
import { unlessBusy } from "../unhurried.ts";
import type { Verdict } from "../verdict.ts";
import { checkSense } from "./check.ts";
import { compile } from "./compile.ts";
import { judgeExpression } from "./judge.ts";
import { unitOf } from "./functions.ts";
import { mentionsOf } from "./mentions.ts";
import { parseExpression } from "./parser.ts";
import { printTerm } from "./printer.ts";
import { quantitiesOf } from "./quantities.ts";
import { settle, type Settled } from "./settle.ts";
import type { Expression, Operator, Term } from "./syntax.ts";

export const expressionKind = "expression";

/** An expression, parsed and found to make sense. */
export interface Read {
  readonly written: Expression;
  readonly settled: Settled;
  /** What the right side asks for: `at most 2 * p99(put) during baseline`. */
  readonly bound: string;
}

/** @throws ExpressionError */
export function readExpression(text: string): Read {
  const written = parseExpression(text);
  checkSense(written);
  const oriented = turned(written);
  return { written, settled: settle(oriented), bound: boundText(oriented) };
}

/**
 * The assertion that an expression stands for. What can be said in the long form is that form's
 * assertion, under the author's words.
 */
export function assertionOf(text: string, { settled, bound, written }: Read): Assertion {
  const title = text.trim().replace(/\s+/g, " ");
  const compiled = compile(settled);
  if (compiled !== undefined) return { ...compiled.kind.bind(compiled.options), title };
  const phases = mentionsOf(written).phases.map(({ name }) => name);
  const judge = (recording: Recording): Verdict => judgeExpression(recording, settled, bound);
  return { kind: expressionKind, title, phases, isWindowed: true, judge: (recording) => (isTimeBound(settled) ? unlessBusy(recording, judge(recording), judge) : judge(recording)) };
}

/** Whether all that it measures is how long clients waited. */
function isTimeBound({ left, right }: Settled): boolean {
  return [...quantitiesOf(left), ...quantitiesOf(right)].every((quantity) => quantity.source.of === "operations" && unitOf(quantity) === "time");
}

const opposites: Readonly<Record<Operator, Operator>> = { "<": ">", "<=": ">=", ">": "<", ">=": "<=", "==": "==", "!=": "!=" };

/** With what is measured on the left, where only one side is. */
function turned(expression: Expression): Expression {
  const { left, right, operator } = expression;
  if (quantitiesOf(left).length > 0 || quantitiesOf(right).length === 0) return expression;
  return { ...expression, left: right, operator: opposites[operator], right: left };
}

const words: Readonly<Record<Operator, string>> = { "<": "below", "<=": "at most", ">": "above", ">=": "at least", "==": "exactly", "!=": "not" };

function boundText({ temporal, forMs, operator, right }: Expression): string {
  const lasting = forMs === undefined ? "" : ` for ${formatDuration(forMs)} on end`;
  const moments = temporal === undefined ? "" : `${temporal} `;
  return `${moments}${words[operator]} ${sideText(right)}${lasting}`;
}

function sideText(right: Term): string {
  return right.type === "literal" && right.unit === "duration" ? formatDuration(right.value) : printTerm(right);
}
