import { ExpressionError } from "./error.ts";
import { printDuration } from "./printer.ts";
import { memberWords, type Members, type Phases, type Window } from "./syntax.ts";
import type { TokenReader } from "./token-reader.ts";

/** The words that begin a window. */
export const windowWords = ["during", "within", "after", "before", "at"] as const;

export function atWindow(tokens: TokenReader): boolean {
  return windowWords.some((word) => tokens.atWord(word));
}

/** @throws ExpressionError */
export function parseWindow(tokens: TokenReader): Window {
  const { text, start } = tokens.take();
  const ended = <Part extends object>(part: Part) => ({ ...part, start, end: tokens.lastEnd });
  switch (text) {
    case "during":
      return ended({ type: "during" as const, phases: parsePhases(tokens), ...parseAfter(tokens) });
    case "within": {
      const withinMs = tokens.expectDuration();
      if (!tokens.atWord("of")) throw tokens.unexpected("of, and a phase", { hint: `Such as "within ${printDuration(withinMs)} of isolated": counted from that phase's beginning.` });
      tokens.take();
      return ended({ type: "within" as const, withinMs, phases: parsePhases(tokens), ...parseAfter(tokens) });
    }
    case "after":
      return ended({ type: "after" as const, afterMs: tokens.expectDuration() });
    case "before":
      return ended({ type: "before" as const, phase: tokens.expectWord("the name of a phase") });
    default:
      return ended({ type: "at" as const, edge: parseEdge(tokens), ...parseOf(tokens) });
  }
}

function parseEdge(tokens: TokenReader): "start" | "end" {
  const edge = (["start", "end"] as const).find((word) => tokens.atWord(word));
  if (edge === undefined) throw tokens.unexpected("start or end");
  tokens.take();
  return edge;
}

function parseOf(tokens: TokenReader): { readonly phases?: Phases } {
  if (!tokens.atWord("of")) return {};
  tokens.take();
  return { phases: parsePhases(tokens) };
}

function parsePhases(tokens: TokenReader): Phases {
  const first = tokens.expectWord("the name of a phase");
  const last = tokens.takeSign("..") ? tokens.expectWord("the name of the last phase") : first;
  return { first, last, start: first.start, end: last.end };
}

function parseAfter(tokens: TokenReader): { readonly afterMs?: number } {
  if (!tokens.atWord("after")) return {};
  tokens.take();
  return { afterMs: tokens.expectDuration() };
}

/** @throws ExpressionError */
export function parseMembers(tokens: TokenReader): Members {
  tokens.take();
  const members = tokens.expectWord("which members");
  const { name } = members;
  if (memberWords.some((word) => word === name) || /^etcd-[1-9]$/.test(name)) return members;
  const hint = name === "sum" ? "Members are added up by sum(…) around the quantity." : `Possible here: ${memberWords.join(", ")}, or a member's name such as etcd-1.`;
  throw new ExpressionError(members, `"${name}" is no member`, { hint, ...(name === "sum" ? {} : { word: name, candidates: [...memberWords, "etcd-1"] }) });
}
