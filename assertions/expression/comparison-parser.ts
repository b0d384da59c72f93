import { ExpressionError, type Advice } from "./error.ts";
import { parseQuantity } from "./quantity-parser.ts";
import { operators, temporals, type Comparison, type Operator, type Temporal, type Term } from "./syntax.ts";
import type { TokenReader } from "./token-reader.ts";
import { atWindow, parseMembers, parseWindow } from "./window-parser.ts";

/** @throws ExpressionError at the first token that does not fit */
export function parseComparison(tokens: TokenReader): Comparison {
  const { start } = tokens.next;
  const temporal = parseTemporal(tokens);
  const left = parseSum(tokens);
  const operator = parseOperator(tokens);
  const right = parseSum(tokens);
  const { window, members, forMs } = parseQualifiers(tokens, temporal);
  return {
    type: "comparison",
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

/** The word before a statement that says at which moments it is to be so. */
export function parseTemporal(tokens: TokenReader): Temporal | undefined {
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
    if (!tokens.takeSign(")")) throw tokens.unexpected('")"', { hint: "Brackets around comparisons have to be closed, and no word such as always stands before them." });
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
export function parseOwnQualifiers(tokens: TokenReader): Pick<Comparison, "window" | "members"> {
  const found: { window?: Comparison["window"]; members?: Comparison["members"] } = {};
  for (;;) {
    if (found.window === undefined && atWindow(tokens)) found.window = parseWindow(tokens);
    else if (found.members === undefined && tokens.atWord("on")) found.members = parseMembers(tokens);
    else return { ...(found.window && { window: found.window }), ...(found.members && { members: found.members }) };
  }
}

function parseQualifiers(tokens: TokenReader, temporal: Temporal | undefined): Pick<Comparison, "window" | "members" | "forMs"> {
  let forMs: number | undefined;
  let found: Pick<Comparison, "window" | "members"> = {};
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
