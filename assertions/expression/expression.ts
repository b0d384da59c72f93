import type { Assertion } from "../assertion.ts";
import { judgeTree } from "./junction.ts";
import { mentionsOf } from "./mentions.ts";
import { parseExpression } from "./parser.ts";
import type { Expression } from "./syntax.ts";
import { treeOf, type Tree } from "./tree.ts";

export const expressionKind = "expression";

/** An expression, parsed and found to make sense. */
export interface Read {
  readonly written: Expression;
  readonly tree: Tree;
}

/** @throws ExpressionError */
export function readExpression(text: string): Read {
  const written = parseExpression(text);
  return { written, tree: treeOf(written) };
}

/**
 * The assertion that an expression stands for. One statement that can be said in the long form is that
 * form's assertion, under the author's words.
 */
export function assertionOf(text: string, { written, tree }: Read): Assertion {
  const title = text.trim().replace(/\s+/g, " ");
  if (tree.type === "leaf" && tree.compiled !== undefined) return { ...tree.compiled.kind.bind(tree.compiled.options), title };
  const phases = mentionsOf(written).phases.map(({ name }) => name);
  return { kind: expressionKind, title, phases, isWindowed: true, judge: (recording) => (tree.type === "leaf" ? tree.judge(recording) : judgeTree(recording, tree)) };
}
