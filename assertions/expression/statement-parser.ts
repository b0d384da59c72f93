import { parseOwnQualifiers, parseTemporal } from "./comparison-parser.ts";
import { parseLogLines } from "./log-parser.ts";
import { states, temporals, type Order, type State } from "./syntax.ts";
import type { TokenReader } from "./token-reader.ts";
import { atWindow, parseMembers, parseWindow } from "./window-parser.ts";

/** Whether `healthy` or `unhealthy` comes, with a word such as `always` before it or not. */
export function atState(tokens: TokenReader): boolean {
  const { kind, text } = temporals.some((word) => tokens.atWord(word)) ? tokens.ahead(1) : tokens.next;
  return kind === "word" && states.some((state) => state === text);
}

/** @throws ExpressionError */
export function parseState(tokens: TokenReader): State {
  const { start } = tokens.next;
  const temporal = parseTemporal(tokens);
  const state = states.find((word) => tokens.takeWord(word)) ?? "healthy";
  const serializable = parseSerializable(tokens, state);
  const { window, members } = parseOwnQualifiers(tokens);
  return {
    type: "state",
    ...(temporal === undefined ? {} : { temporal }),
    state,
    ...(serializable ? { serializable } : {}),
    ...(window === undefined ? {} : { window }),
    ...(members === undefined ? {} : { members }),
    start,
    end: tokens.lastEnd,
  };
}

function parseSerializable(tokens: TokenReader, state: string): true | undefined {
  if (!tokens.takeSign("(")) return undefined;
  if (!tokens.takeWord("serializable")) throw tokens.unexpected("serializable", { hint: `Members are named after on: ${state} on etcd-1.` });
  tokens.expectSign(")");
  return true;
}

/** Whether lines of logs come that are no quantity, since no function has them in its brackets. */
export function atOrder(tokens: TokenReader): boolean {
  const { kind, text } = tokens.ahead(1);
  return tokens.atWord("log") && (kind === "pattern" || (kind === "sign" && text === "("));
}

/** @throws ExpressionError */
export function parseOrder(tokens: TokenReader): Order {
  const { start } = tokens.take();
  const first = parseLogLines(tokens);
  if (!tokens.takeWord("then")) throw tokens.unexpected("then, and what follows", { hint: "Lines by themselves are no quantity: how many there are is count(log …), and when the first comes is first(log …)." });
  if (!tokens.takeWord("log")) throw tokens.unexpected("log lines, such as log /elected leader/");
  const then = parseLogLines(tokens);
  if (!tokens.takeWord("within")) throw tokens.unexpected("within, and how soon", { hint: "Such as: log /lost leader/ then log /elected leader/ within 5s." });
  const order: Order = { type: "order", first, then, withinMs: tokens.expectDuration(), start, end: tokens.lastEnd };
  return { ...order, ...parseWhere(tokens), end: tokens.lastEnd };
}

function parseWhere(tokens: TokenReader): Pick<Order, "window" | "members" | "together"> {
  let found: Pick<Order, "window" | "members" | "together"> = {};
  for (;;) {
    if (found.window === undefined && atWindow(tokens)) found = { ...found, window: parseWindow(tokens) };
    else if (found.members === undefined && tokens.atWord("on")) {
      const members = parseMembers(tokens);
      found = { ...found, members, ...(members.name === "all" && tokens.takeWord("together") ? { together: true } : {}) };
    } else return found;
  }
}
