import { judgeExpression } from "../../../assertions/expression/judge.ts";
import { expressions } from "../../../assertions/expression/language.ts";
import { readExpression } from "../../../assertions/expression/expression.ts";
import type { Leaf } from "../../../assertions/expression/tree.ts";
import type { Assertion } from "../../../assertions/assertion.ts";
import type { Verdict } from "../../../assertions/verdict.ts";
import type { RecordingBuilder } from "../../recordings/builder.ts";

/** The assertion of an expression; throws what is wrong with it. */
export function assertionOf(text: string): Assertion {
  const read = expressions.read(text);
  if ("problem" in read) throw new Error(`${text}: ${read.problem.message}`);
  return read.assertion;
}

/** The verdict of an expression as a scenario has it. */
export function judgedText(text: string, run: Pick<RecordingBuilder, "build">): Verdict {
  return assertionOf(text).judge(run.build());
}

/** The verdict without the help of the long form. */
export function judgedInGeneral(text: string, run: Pick<RecordingBuilder, "build">): Verdict {
  const { settled, bound } = leafOf(text);
  if (settled === undefined) throw new Error(`${text} is no comparison`);
  return judgeExpression(run.build(), settled, bound);
}

/** The one statement of an expression. */
export function leafOf(text: string): Leaf {
  const { tree } = readExpression(text);
  if (tree.type !== "leaf") throw new Error(`${text} is more than one statement`);
  return tree;
}

/** What is wrong with an expression, as `"the text it is at": message | hint`; undefined where nothing is. */
export function problemOf(text: string): string | undefined {
  const read = expressions.read(text);
  if (!("problem" in read)) return undefined;
  const { start, end, message, hint, word, candidates } = read.problem;
  const meant = word === undefined ? "" : ` | ${word} may be one of ${String(candidates?.length)}`;
  return `"${text.slice(start, end)}": ${message}${meant}${hint === undefined ? "" : ` | ${hint}`}`;
}
