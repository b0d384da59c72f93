import { parseComparison } from "./comparison-parser.ts";
import { ExpressionError } from "./error.ts";
import { atOrder, atState, parseOrder, parseState } from "./statement-parser.ts";
import { isJoined, operators, type Expression, type Joined, type Statement, type Window } from "./syntax.ts";
import { TokenReader } from "./token-reader.ts";
import { atWindow, parseMembers, parseWindow, windowWords } from "./window-parser.ts";

/**
 * Parses an expression, such as `p99(put) during recovery <= 2 * p99(put) during baseline`.
 * What it means is in docs/scenarios.md; what does not fit together is told by `check.ts`.
 *
 * ```ebnf
 * expression = all { "or" all }
 * all        = one { "and" one }
 * one        = "not" one | "(" expression ")" [ window ] | "(" comparison ")" { window | members } | statement
 * statement  = comparison | state | order
 * comparison = [ "eventually" | "always" | "never" ] sum comparator sum { window | members | "for" duration }
 * comparator = "<" | "<=" | ">" | ">=" | "==" | "!="
 * state      = [ "eventually" | "always" | "never" ] ( "healthy" | "unhealthy" ) [ "(" "serializable" ")" ] { window | members }
 * order      = lines "then" lines "within" duration { window | members [ "together" ] }
 * sum        = product { ( "+" | "-" ) product }
 * product    = factor { ( "*" | "/" ) factor }
 * factor     = "-" factor | "(" sum ")" | number [ "%" ] | duration | quantity { window | members }
 * quantity   = "leader-changes" | "sum" "(" measured ")" | measured
 * measured   = function "(" source ")" | "p" number "(" source ")" | "quantile" "(" number "," source ")"
 * function   = "increase" | "rate" | "delta" | "min" | "max" | "avg" | "value"
 *            | "count" | "first" | "availability" | "unavailability"
 * source     = metric | operations | lines [ "." field ]
 * metric     = name [ "{" [ label { "," label } ] "}" ]
 * label      = name matcher string
 * matcher    = "=" | "!=" | "=~" | "!~"
 * operations = ( "any" | "ops" | kind-of-operation ) [ "," "outcome" "=" ( "ok" | "fail" | "info" | "any" ) ]
 * lines      = "log" pattern | "log" "(" ( pattern | string | asked ) { "," asked } ")"
 * asked      = field matcher ( string | number ) | field ( "<" | "<=" | ">" | ">=" ) ( number | duration )
 * pattern    = "/" regular-expression "/"
 * window     = "during" phases [ "after" duration ] | "within" duration "of" phases [ "after" duration ]
 *            | "after" duration | "before" phase | "at" ( "start" | "end" ) [ "of" phases ]
 * phases     = phase [ ".." phase ]
 * members    = "on" ( "each" | "all" | "any" | "leader" | "faulted" | "unfaulted" | member )
 * ```
 *
 * A window or `on` right after a quantity belongs to it, and to the whole comparison where the
 * quantity has one already, or where a number or a bracket stands between them.
 *
 * @throws ExpressionError at the first token that does not fit
 */
export function parseExpression(text: string): Expression {
  const tokens = new TokenReader(text);
  const expression = parseJoined(tokens, "or");
  if (tokens.next.kind !== "end") throw leftOver(tokens);
  return expression;
}

/** Parts of one kind that stand side by side are one, however they are bracketed. */
function parseJoined(tokens: TokenReader, type: Joined["type"]): Expression {
  const parsePart = (): Expression => (type === "or" ? parseJoined(tokens, "and") : parseOne(tokens));
  const first = parsePart();
  const parts = [first];
  while (tokens.takeWord(type)) parts.push(parsePart());
  if (parts.length === 1) return first;
  return { type, parts: parts.flatMap((part) => (part.type === type && part.window === undefined ? part.parts : [part])), start: first.start, end: tokens.lastEnd };
}

function parseOne(tokens: TokenReader): Expression {
  const { start } = tokens.next;
  if (tokens.takeWord("not")) {
    const part = parseOne(tokens);
    return { type: "not", part, start, end: part.end };
  }
  return atBrackets(tokens) ? parseBrackets(tokens) : parseStatement(tokens);
}

/** A bracket that is closed before a sign of calculation or comparison is one of a sum. */
function atBrackets(tokens: TokenReader): boolean {
  const behind = tokens.atSign("(") ? tokens.behindBracket() : undefined;
  return behind !== undefined && !(behind.kind === "sign" && ["+", "-", "*", "/", ...operators].includes(behind.text));
}

function parseBrackets(tokens: TokenReader): Expression {
  tokens.expectSign("(");
  const inner = parseJoined(tokens, "or");
  tokens.expectSign(")");
  let found = inner;
  for (;;) {
    if (atWindow(tokens)) found = withWindow(found, parseWindow(tokens), tokens.lastEnd);
    else if (tokens.atWord("on")) found = onMembers(found, tokens);
    else return found;
  }
}

/** A window after brackets is that of all in them. */
function withWindow(expression: Expression, window: Window, end: number): Expression {
  if (expression.type === "not") return { ...expression, part: withWindow(expression.part, window, end), end };
  if (expression.window !== undefined) throw new ExpressionError(window, `${expression.type === "comparison" ? "the comparison has" : "what stands in the brackets has"} its window already`);
  return { ...expression, window, end };
}

function onMembers(expression: Expression, tokens: TokenReader): Statement {
  const { next } = tokens;
  if (isJoined(expression) || expression.type === "not") throw new ExpressionError(next, "each part is for members of its own", { hint: `Write "on …" within the brackets, after each of them.` });
  if (expression.members !== undefined) throw new ExpressionError(next, "for which members it is to hold is said already");
  return { ...expression, members: parseMembers(tokens), end: tokens.lastEnd };
}

function parseStatement(tokens: TokenReader): Statement {
  if (atState(tokens)) return parseState(tokens);
  return atOrder(tokens) ? parseOrder(tokens) : parseComparison(tokens);
}

function leftOver(tokens: TokenReader): ExpressionError {
  const { text, kind } = tokens.next;
  const { last } = tokens;
  if (operators.some((operator) => operator === text)) return tokens.unexpected("the end", { hint: "A comparison has two sides: join it with the next one by and." });
  if (last?.kind === "number" && /^(?:ms|s|m|h)$/.test(text)) return tokens.unexpected("the end", { hint: `A duration has no space in it: ${last.text}${text}.` });
  if (text === "together") return tokens.unexpected("the end", { hint: "Members are added up by sum(…) around the quantity." });
  const known = [...windowWords, "on", "for", "and", "or"];
  return tokens.unexpected("the end, or a window such as during isolated", kind === "word" ? { word: text, candidates: known, hint: `Possible here: ${known.join(", ")}.` } : {});
}
