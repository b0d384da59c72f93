import { ExpressionError } from "./error.ts";
import { printStatement, printWindow } from "./printer.ts";
import { quantitiesOf } from "./quantities.ts";
import { statementJudge, type StatementJudge } from "./statements.ts";
import { isJoined, type Expression, type Joined, type Statement, type Window } from "./syntax.ts";

/** An expression as it is judged: statements, each with its window, and how they are joined. */
export type Tree = Leaf | Branch | { readonly type: "not"; readonly part: Tree };

export interface Branch {
  readonly type: "and" | "or";
  readonly parts: readonly Tree[];
}

export interface Leaf extends StatementJudge {
  readonly type: "leaf";
  /** As the author could have written it. */
  readonly text: string;
}

/** @throws ExpressionError where a statement makes no sense, or it is not said of which part of the run it is */
export function treeOf(expression: Expression): Tree {
  return grown(expression, { isNegated: false });
}

interface Place {
  /** That of the brackets around it. */
  readonly window?: Window;
  readonly isNegated: boolean;
}

function grown(expression: Expression, place: Place): Tree {
  switch (expression.type) {
    case "and":
    case "or": {
      const window = expression.window ?? place.window;
      if (window === undefined) checkWindows(expression.parts);
      if (expression.window !== undefined) checkNeeded(expression, expression.window);
      return { type: expression.type, parts: expression.parts.map((part) => grown(part, { ...place, ...(window === undefined ? {} : { window }) })) };
    }
    case "not":
      return { type: "not", part: grown(expression.part, { ...place, isNegated: !place.isNegated }) };
    default: {
      const statement = place.window === undefined || windowsOf(expression).length > 0 ? expression : { ...expression, window: place.window };
      return { type: "leaf", text: printStatement(statement), ...statementJudge(statement, place.isNegated) };
    }
  }
}

/** As with the sides of a comparison: where one part has a window, the others need one. */
function checkWindows(parts: readonly Expression[]): void {
  const statements = parts.flatMap((part) => statementsOutside(part));
  const [window] = statements.flatMap(windowsOf);
  const without = statements.find((statement) => windowsOf(statement).length === 0);
  if (window === undefined || without === undefined) return;
  const text = printWindow(window);
  throw new ExpressionError(without, `of which part of the run this is, is not said: "${text}" is of another part`, { hint: `Write "${text}" after it too, or after brackets around all of it; "during run" is the whole run.` });
}

function checkNeeded({ parts }: Joined, window: Window): void {
  const isNeeded = parts.flatMap(statementsOutside).some((statement) => windowsOf(statement).length === 0);
  if (!isNeeded) throw new ExpressionError(window, "every part has its window already", { hint: `Leave out "${printWindow(window)}".` });
}

/** All but those in brackets that have a window. */
function statementsOutside(expression: Expression): Statement[] {
  if (expression.type === "not") return statementsOutside(expression.part);
  if (!isJoined(expression)) return [expression];
  return expression.window === undefined ? expression.parts.flatMap(statementsOutside) : [];
}

function windowsOf(statement: Statement): Window[] {
  const own = statement.type === "comparison" ? [...quantitiesOf(statement.left), ...quantitiesOf(statement.right)].flatMap(({ window }) => window ?? []) : [];
  return [...(statement.window === undefined ? [] : [statement.window]), ...own];
}
