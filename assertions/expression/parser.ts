import { ExpressionError, type Advice } from "./error.ts";
import { parseQuantity } from "./quantity-parser.ts";
import { operators, temporals, type Expression, type Operator, type Temporal, type Term } from "./syntax.ts";
import { TokenReader } from "./token-reader.ts";
import { atWindow, parseMembers, parseWindow, windowWords } from "./window-parser.ts";

/**
 * Parses an expression, such as `p99(put) during recovery <= 2 * p99(put) during baseline`.
 * What it means is in docs/scenarios.md; what does not fit together is told by `check.ts`.
 *
 * ```ebnf
 * expression = [ "eventually" | "always" | "never" ] sum comparator sum { window | members | "for" duration }
 * comparator = "<" | "<=" | ">" | ">=" | "==" | "!="
 * sum        = product { ( "+" | "-" ) product }
 * product    = factor { ( "*" | "/" ) factor }
 * factor     = "-" factor | "(" sum ")" | number [ "%" ] | duration | quantity { window | members }
 * quantity   = "leader-changes" | "sum" "(" measured ")" | measured
 * measured   = function "(" source ")" | "p" number "(" source ")" | "quantile" "(" number "," source ")"
 * function   = "increase" | "rate" | "delta" | "min" | "max" | "avg" | "value"
 *            | "count" | "availability" | "unavailability"
 * source     = metric | operations | "log" "/" regular-expression "/"
 * metric     = name [ "{" [ label { "," label } ] "}" ]
 * label      = name "=" string
 * operations = ( "any" | "ops" | kind-of-operation ) [ "," "outcome" "=" ( "ok" | "fail" | "info" | "any" ) ]
 * window     = "during" phases [ "after" duration ] | "within" duration "of" phases [ "after" duration ]
 *            | "after" duration | "before" phase | "at" ( "start" | "end" ) [ "of" phases ]
 * phases     = phase [ ".." phase ]
 * members    = "on" ( "each" | "all" | "any" | "leader" | "faulted" | "unfaulted" | member )
 * ```
 *
 * A window or `on` right after a quantity belongs to it, and to the whole comparison where the
 * quantity has one already, or where a number stands between them.
 *
 * @throws ExpressionError at the first token that does not fit
 */
export function parseExpression(text: string): Expression {
  const tokens = new TokenReader(text);
  const { start } = tokens.next;
  const temporal = parseTemporal(tokens);
  const left = parseSum(tokens);
  const operator = parseOperator(tokens);
  const right = parseSum(tokens);
  const { window, members, forMs } = parseQualifiers(tokens, temporal);
  if (tokens.next.kind !== "end") throw leftOver(tokens);
  return {
    ...(temporal === undefined ? {} : { temporal }),
    ...(forMs === undefined ? {} : { forMs }),
    left,
    operator,
    right,
    ...(window === undefined ? {} : { window }),
    ...(members === undefined ? {} : { members }),
    start,
    end: tokens.lastEnd,
  };
}

function parseTemporal(tokens: TokenReader): Temporal | undefined {
  const temporal = temporals.find((word) => tokens.atWord(word));
  if (temporal !== undefined) tokens.take();
  return temporal;
}

function parseOperator(tokens: TokenReader): Operator {
  const operator = operators.find((sign) => tokens.atSign(sign));
  if (operator === undefined) throw tokens.unexpected(`a comparison (${operators.join(", ")})`, comparatorAdvice(tokens));
  tokens.take();
  return operator;
}

function comparatorAdvice(tokens: TokenReader): Advice {
  if (tokens.atSign("=")) return { hint: "Equality is written ==." };
  return atWindow(tokens) || tokens.atWord("on") ? { hint: "It stands right after a quantity, or at the end of the comparison." } : {};
}

function parseSum(tokens: TokenReader): Term {
  let left = parseProduct(tokens);
  for (;;) {
    const sign = (["+", "-"] as const).find((each) => tokens.atSign(each));
    if (sign === undefined) return left;
    tokens.take();
    const right = parseProduct(tokens);
    left = { type: "binary", sign, left, right, start: left.start, end: right.end };
  }
}

function parseProduct(tokens: TokenReader): Term {
  let left = parseFactor(tokens);
  for (;;) {
    const sign = (["*", "/"] as const).find((each) => tokens.atSign(each));
    if (sign === undefined) return left;
    tokens.take();
    const right = parseFactor(tokens);
    left = { type: "binary", sign, left, right, start: left.start, end: right.end };
  }
}

function parseFactor(tokens: TokenReader): Term {
  const token = tokens.next;
  const { start } = token;
  if (tokens.takeSign("-")) {
    const operand = parseFactor(tokens);
    return { type: "negative", operand, start, end: operand.end };
  }
  if (tokens.takeSign("(")) {
    const inner = parseSum(tokens);
    tokens.expectSign(")");
    return inner;
  }
  if (token.kind === "number" || token.kind === "percent" || token.kind === "duration") {
    tokens.take();
    return { type: "literal", value: token.value, unit: token.kind, start, end: token.end };
  }
  if (token.kind !== "word") throw tokens.unexpected("a quantity such as p99(put), or a number");
  const quantity = parseQuantity(tokens);
  const { window, members } = parseOwnQualifiers(tokens);
  return { ...quantity, ...(window === undefined ? {} : { window }), ...(members === undefined ? {} : { members }), start, end: tokens.lastEnd };
}

/** One window and one `on` at most: the next belong to the comparison. */
function parseOwnQualifiers(tokens: TokenReader): Pick<Expression, "window" | "members"> {
  const found: { window?: Expression["window"]; members?: Expression["members"] } = {};
  for (;;) {
    if (found.window === undefined && atWindow(tokens)) found.window = parseWindow(tokens);
    else if (found.members === undefined && tokens.atWord("on")) found.members = parseMembers(tokens);
    else return { ...(found.window && { window: found.window }), ...(found.members && { members: found.members }) };
  }
}

function parseQualifiers(tokens: TokenReader, temporal: Temporal | undefined): Pick<Expression, "window" | "members" | "forMs"> {
  let forMs: number | undefined;
  let found: Pick<Expression, "window" | "members"> = {};
  for (;;) {
    const token = tokens.next;
    if (tokens.atWord("for") && forMs === undefined) {
      if (temporal !== "always") throw new ExpressionError(token, "for belongs to always", { hint: "Such as: always value(…) == 1 for 5s during recovery." });
      tokens.take();
      forMs = tokens.expectDuration();
    } else {
      const more = parseOwnQualifiers(tokens);
      if (tokens.next === token) return { ...found, ...(forMs === undefined ? {} : { forMs }) };
      if (more.window && found.window) throw new ExpressionError(token, "the comparison has its window already");
      if (more.members && found.members) throw new ExpressionError(token, "for which members it is to hold is said already");
      found = { ...found, ...more };
    }
  }
}

function leftOver(tokens: TokenReader): ExpressionError {
  const { text, kind } = tokens.next;
  const { last } = tokens;
  if (text === "and" || text === "or" || text === "not") return tokens.unexpected("the end", { hint: "An expression is one comparison: write each as an item of its own." });
  if (operators.some((operator) => operator === text)) return tokens.unexpected("the end", { hint: "A comparison has two sides: write the other one as an item of its own." });
  if (last?.kind === "number" && /^(?:ms|s|m|h)$/.test(text)) return tokens.unexpected("the end", { hint: `A duration has no space in it: ${last.text}${text}.` });
  const known = [...windowWords, "on", "for"];
  return tokens.unexpected("the end, or a window such as during isolated", kind === "word" ? { word: text, candidates: known, hint: `Possible here: ${known.join(", ")}.` } : {});
}
