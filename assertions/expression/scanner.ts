import { parseDurationMs } from "../../src/units/duration.ts";
import { ExpressionError } from "./error.ts";
import type { Span } from "./syntax.ts";

/** A word, number, text, pattern or sign of an expression. */
export type Token = Span &
  (
    | { readonly kind: "word" | "sign" | "end"; readonly text: string }
    /** A string without its quotes, a pattern without its slashes. */
    | { readonly kind: "string" | "pattern"; readonly text: string }
    /** Of a duration the milliseconds, of per cents the ratio. */
    | { readonly kind: "number" | "percent" | "duration"; readonly text: string; readonly value: number }
  );

/** Longer ones are no short strings any more; it also bounds how deep the parser descends. */
const lengthMax = 1_000;

const space = /\s+/y;
/** p99.9 is one word; dashes stand within names of phases, members and operations, colons within those of metrics. */
const word = /p\d+\.\d+(?![\w.])|[A-Za-z_][\w:]*(?:-\w[\w:]*)*/y;
const duration = /(?:\d+(?:\.\d+)?(?:ms|s|m|h))+(?![\w.])/y;
const number = /\d+(?:\.\d+)?(?:[eE][+-]?\d+)?(?!\w)/y;
const string = /"((?:[^"\\]|\\["\\n])*)"/y;
const pattern = /\/((?:[^/\\]|\\.)+)\//y;
const sign = /\.\.|<=|>=|==|=~|!=|!~|[(){},<>=+\-*/.]/y;

/**
 * Splits an expression into tokens, the last of which is its end.
 * @throws ExpressionError at what is no token
 */
export function scan(text: string): Token[] {
  if (text.length > lengthMax) throw new ExpressionError({ start: lengthMax, end: text.length }, `an expression has at most ${lengthMax} characters`);
  const tokens: Token[] = [];
  let at = 0;
  for (;;) {
    at += matchAt(space, text, at)?.[0].length ?? 0;
    if (at >= text.length) return [...tokens, { kind: "end", text: "", start: text.length, end: text.length }];
    const token = tokenAt(text, at, beginsPattern(tokens));
    tokens.push(token);
    at = token.end;
  }
}

/** After `log`, with a bracket or without, a slash begins a pattern; everywhere else it divides. */
function beginsPattern(before: readonly Token[]): boolean {
  const last = before.at(-1);
  const name = last?.kind === "sign" && last.text === "(" ? before.at(-2) : last;
  return name?.kind === "word" && name.text === "log";
}

function tokenAt(text: string, start: number, mayBePattern: boolean): Token {
  const found = (expression: RegExp) => matchAt(expression, text, start);
  const spanOf = ([whole]: RegExpExecArray): Span => ({ start, end: start + whole.length });
  const expression = mayBePattern ? found(pattern) : null;
  if (expression !== null) return { kind: "pattern", text: expression[1] ?? "", ...spanOf(expression) };
  const name = found(word);
  if (name !== null) return { kind: "word", text: name[0], ...spanOf(name) };
  const time = found(duration);
  if (time !== null) return { kind: "duration", text: time[0], value: finite(parseDurationMs(time[0]) ?? Infinity, spanOf(time)), ...spanOf(time) };
  const figure = found(number);
  if (figure !== null) return numberToken(text, figure[0], start);
  const quoted = found(string);
  if (quoted !== null) return { kind: "string", text: unescape(quoted[1] ?? ""), ...spanOf(quoted) };
  const mark = found(sign);
  if (mark !== null) return { kind: "sign", text: mark[0], ...spanOf(mark) };
  throw unreadable(text, start);
}

function numberToken(text: string, figure: string, start: number): Token {
  const end = start + figure.length;
  const value = finite(Number(figure), { start, end });
  if (text[end] !== "%") return { kind: "number", text: figure, value, start, end };
  return { kind: "percent", text: `${figure}%`, value: value / 100, start, end: end + 1 };
}

function finite(value: number, span: Span): number {
  if (!Number.isFinite(value)) throw new ExpressionError(span, "this number is too large");
  return value;
}

function unreadable(text: string, start: number): ExpressionError {
  const rest = text.slice(start);
  const span = { start, end: start + 1 };
  const [amount] = /^\d[\w.]*/.exec(rest) ?? [];
  if (amount !== undefined) {
    return new ExpressionError({ start, end: start + amount.length }, `"${amount}" is neither a number nor a duration`, { hint: "Durations are a number and a unit, without a space: 250ms, 5s, 1m30s, 2h." });
  }
  if (rest.startsWith('"')) return new ExpressionError(span, "this text in quotes does not end", { hint: 'A quote within it is written \\", a backslash \\\\.' });
  if (rest.startsWith("%")) return new ExpressionError(span, "% belongs right after a number", { hint: "Per cents are written without a space, such as 99%." });
  return new ExpressionError(span, `"${String.fromCodePoint(rest.codePointAt(0) ?? 0)}" means nothing here`);
}

function matchAt(expression: RegExp, text: string, at: number): RegExpExecArray | null {
  expression.lastIndex = at;
  return expression.exec(text);
}

function unescape(text: string): string {
  return text.replace(/\\(.)/g, (_, character: string) => (character === "n" ? "\n" : character));
}
