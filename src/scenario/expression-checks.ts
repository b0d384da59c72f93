import type { MentionedStretch, Mentions, TextProblem } from "../../assertions/assertion.ts";
import { formatDuration } from "../units/duration.ts";
import { wholeRun } from "./document-schema.ts";
import type { Outline, OutlinePhase } from "./outline.ts";
import type { Problem } from "./problem.ts";
import { spanWithin } from "./scalar-offsets.ts";
import type { Source, Span } from "./source.ts";
import { suggestion } from "./suggest.ts";
import type { Place } from "./yaml-tree.ts";

/** What is wrong with assertions that are one line of text, each at its very word. */
export function expressionProblems({ texts, phases, memberCount }: Outline, source: Source, memberTrouble: (member: string, memberCount: number) => string | undefined): Problem[] {
  return [...texts].flatMap(([place, read]) => {
    const troubles = "problem" in read ? [troubleOf(read.problem)] : mentionTroubles(read.mentions, phases, (member) => (memberCount === undefined ? undefined : memberTrouble(member, memberCount)));
    return troubles.map(({ span, message, hint }) => source.problem(inFile(place, source, span), message, hint));
  });
}

interface Trouble {
  /** In the text. */
  readonly span: Span;
  readonly message: string;
  readonly hint?: string | undefined;
}

function inFile({ span, value }: Place, { text }: Source, within: Span): Span {
  return spanWithin(text.slice(span.start, span.end), span, String(value), within);
}

function troubleOf({ start, end, message, hint, word, candidates = [] }: TextProblem): Trouble {
  return { span: { start, end }, message, hint: word === undefined ? hint : suggestion(word, candidates, hint) };
}

function mentionTroubles({ phases: mentioned, members, stretches }: Mentions, phases: readonly OutlinePhase[], memberTrouble: (member: string) => string | undefined): Trouble[] {
  const names = phases.flatMap(({ name }) => name ?? []);
  const unknown = mentioned
    .filter(({ name }) => name !== wholeRun && !names.includes(name))
    .map(({ name, start, end }) => ({ span: { start, end }, message: `unknown phase "${name}"`, hint: suggestion(name, [...names, wholeRun], `Phases: ${names.join(", ")}; "${wholeRun}" is all of them.`) }));
  const nobody = members.flatMap(({ name, start, end }) => {
    const message = memberTrouble(name);
    return message === undefined ? [] : [{ span: { start, end }, message }];
  });
  return [...unknown, ...nobody, ...stretches.flatMap((stretch) => stretchTrouble(stretch, phases) ?? [])];
}

/** A part of the run that holds no time, or less than is asked for: no recording could decide it. */
function stretchTrouble(stretch: MentionedStretch, phases: readonly OutlinePhase[]): Trouble | undefined {
  const { first, last, before, start, end } = stretch;
  const span = { start, end };
  const indexOf = (name: string, ofRun: number): number => (name === wholeRun ? ofRun : phases.findIndex((phase) => phase.name === name));
  const [from, to] = [indexOf(first, 0), before === undefined ? indexOf(last, phases.length - 1) : phases.findIndex(({ name }) => name === before) - 1];
  if (before !== undefined && to === -1 && phases.some(({ name }) => name === before)) return { span, message: `nothing comes before "${before}"` };
  if (from < 0 || to < 0) return undefined;
  if (to < from) return { span, message: `"${first}" comes after "${last}"`, hint: `Write ${last}..${first}.` };
  const lengths = phases.slice(from, to + 1).map(({ durationMs }) => durationMs);
  return lengths.includes(undefined) ? undefined : lengthTrouble(stretch, lengths.reduce<number>((sum, ms = 0) => sum + ms, 0), phases[to + 1]?.name);
}

function lengthTrouble({ afterMs = 0, withinMs, forMs, first, last, start, end }: MentionedStretch, lengthMs: number, next: string | undefined): Trouble | undefined {
  const span = { start, end };
  const leftMs = Math.min(lengthMs - afterMs, withinMs ?? Infinity);
  if (leftMs <= 0) return { span, message: `nothing is left of the ${formatDuration(lengthMs)} that this is about` };
  if (withinMs !== undefined && afterMs + withinMs > lengthMs) {
    const whole = first === last ? first : `${first}..${last}`;
    return { span, message: `this is longer than what it is part of: ${whole} lasts ${formatDuration(lengthMs)}`, hint: `Write "during ${whole}"${next === undefined ? "" : `, or name the next phase too: "of ${first}..${next}"`}.` };
  }
  return forMs !== undefined && forMs > leftMs ? { span, message: `nothing can hold for ${formatDuration(forMs)} in the ${formatDuration(leftMs)} that this is about` } : undefined;
}
