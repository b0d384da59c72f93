import { labelSigns, type LabelSign } from "../labels.ts";
import { patternError } from "../log-match.ts";
import { ExpressionError } from "./error.ts";
import type { FieldAsked, LogLines } from "./syntax.ts";
import type { TokenReader } from "./token-reader.ts";

const example = "Such as log /elected leader/, or log(\"took too long\", took > 200ms, level = \"warn\"); a slash within a pattern is written \\/. Text that holds \" #\" has to be in quotes.";

/**
 * What stands after `log`: a pattern, or in brackets what is asked of the message and of other fields.
 * @throws ExpressionError
 */
export function parseLogLines(tokens: TokenReader): LogLines {
  const pattern = parsePattern(tokens);
  if (pattern !== undefined) return { message: pattern, fields: [] };
  if (!tokens.takeSign("(")) throw tokens.unexpected("a regular expression between slashes", { hint: example });
  const message = parsePattern(tokens) ?? parseText(tokens);
  const fields: FieldAsked[] = [];
  if (message === undefined) fields.push(parseField(tokens));
  while (!tokens.takeSign(")")) {
    if (!tokens.takeSign(",")) throw tokens.unexpected('"," or ")"');
    fields.push(parseField(tokens));
  }
  return { ...(message === undefined ? {} : { message }), fields };
}

function parsePattern(tokens: TokenReader): LogLines["message"] {
  const { next } = tokens;
  if (next.kind !== "pattern") return undefined;
  const error = patternError(next.text);
  if (error !== undefined) throw new ExpressionError(next, error);
  tokens.take();
  return { type: "pattern", text: next.text };
}

function parseText(tokens: TokenReader): LogLines["message"] {
  const { next } = tokens;
  if (next.kind !== "string") return undefined;
  if (next.text === "") throw new ExpressionError(next, "there is no text here that a message could have");
  tokens.take();
  return { type: "text", text: next.text };
}

function parseField(tokens: TokenReader): FieldAsked {
  const { name: field } = tokens.expectWord("a field of the line, such as took > 200ms");
  const matcher = parseMatcher(tokens);
  if (matcher !== undefined) return { field, sign: matcher, value: parseMatched(tokens, matcher, "number") };
  const sign = (["<", "<=", ">", ">="] as const).find((each) => tokens.takeSign(each));
  if (sign === undefined) throw tokens.unexpected("=, !=, =~, !~, <, <=, > or >=", tokens.atSign("==") ? { hint: "That a field is something is written with one =." } : {});
  const { next } = tokens;
  if (next.kind !== "number" && next.kind !== "duration") throw tokens.unexpected("a number, or a duration such as 200ms");
  tokens.take();
  return { field, sign, bound: next.value, unit: next.kind };
}

/** The sign between a label, or a field, and what it is to be; undefined where none comes. */
export function parseMatcher(tokens: TokenReader): LabelSign | undefined {
  return labelSigns.find((each) => tokens.takeSign(each));
}

/**
 * What a label or a field is to be: text in quotes, or a number where there may be one.
 * @throws ExpressionError also for a text that is no regular expression where one is needed
 */
export function parseMatched(tokens: TokenReader, sign: LabelSign, alsoOf: "number" | "text"): string {
  const { next } = tokens;
  const isNumber = next.kind === "number" && alsoOf === "number" && (sign === "=" || sign === "!=");
  if (next.kind !== "string" && !isNumber) throw tokens.unexpected(alsoOf === "text" ? "the label's value in double quotes" : "the field's value in double quotes");
  const error = sign === "=~" || sign === "!~" ? patternError(next.text) : undefined;
  if (error !== undefined) throw new ExpressionError(next, error);
  tokens.take();
  return next.text;
}
