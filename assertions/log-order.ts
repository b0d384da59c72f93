import { runWindow } from "../src/analysis/windows.ts";
import type { LogLine } from "../src/recording/log-line.ts";
import type { Recording } from "../src/recording/recording.ts";
import { formatDuration } from "../src/units/duration.ts";
import { findLines, lineEvidence, unknownField } from "./log-lines.ts";
import { passes, type FieldTest } from "./log-match.ts";
import type { Part } from "./members.ts";
import type { Evidence } from "./verdict.ts";
import type { SeenWindow } from "./window.ts";
import { counted } from "./words.ts";

/** Each line of the first kind is to be followed by one of the second, no later than so much after it. */
export interface Order {
  readonly first: readonly FieldTest[];
  readonly then: readonly FieldTest[];
  readonly withinMs: number;
}

/** The first lines lie in the window; what follows them may come after it. Where there is no first line there is nothing to follow. */
export function judgeOrder(recording: Recording, members: readonly string[], who: string, { first, then, withinMs }: Order, window: SeenWindow): Part {
  const firsts = findLines(recording, members, who, first, window);
  const base = { who, badness: 0 };
  if (firsts.lines.length === 0) {
    return { ...base, outcome: "inconclusive", observed: "no first line", reason: firsts.lost ?? `no line matched in ${window.name} that could be followed`, evidence: firsts.evidence };
  }
  const followed = pairs(recording, members, firsts.lines, then, withinMs);
  const alone = followed.filter(({ next }) => next === undefined);
  const seenToMs = seenTo(recording);
  const missing = alone.find(({ line }) => line.atMs + withinMs <= seenToMs);
  const afterwards = { name: window.name, startMs: window.startMs, endMs: Math.max(window.endMs, ...firsts.lines.map(({ atMs }) => atMs + withinMs)), complete: true };
  const doubtOfThen = findLines(recording, members, who, then, afterwards).doubt ?? unknownField(recording, then);
  const slowestMs = Math.max(0, ...followed.map(({ line, next }) => (next === undefined ? 0 : next.atMs - line.atMs)));
  const told = { observed: `${followed.length - alone.length} of ${counted(firsts.lines.length, "line")} followed${alone.length === firsts.lines.length ? "" : `, after ${formatDuration(slowestMs)} at most`}`, badness: alone.length / followed.length };
  if (missing !== undefined && doubtOfThen === undefined) {
    return { ...base, ...told, outcome: "fail", reason: `nothing matched within ${formatDuration(withinMs)} after ${formatDuration(missing.line.atMs)}`, evidence: alone.flatMap(({ line }) => lineEvidence(line)).slice(0, 10) };
  }
  const evidence = followed.flatMap(({ line, next }): Evidence[] => [lineEvidence(line), ...(next === undefined ? [] : [lineEvidence(next)])]).slice(0, 10);
  const doubt = alone.length > 0 ? (doubtOfThen ?? `the run ended before the ${formatDuration(withinMs)} were over`) : (firsts.doubt ?? (window.complete ? undefined : `${window.name} was not seen to its end`));
  return doubt === undefined ? { ...base, ...told, outcome: "pass", evidence } : { ...base, ...told, outcome: "inconclusive", reason: doubt, evidence };
}

interface Followed {
  readonly line: LogLine;
  readonly next: LogLine | undefined;
}

/** Each first line with the line that follows it soonest; one may follow several. */
function pairs({ logs }: Recording, members: readonly string[], firsts: readonly LogLine[], then: readonly FieldTest[], withinMs: number): Followed[] {
  const theirs = logs.filter(({ member }) => members.includes(member));
  const places = new Map(theirs.map((line, index) => [line, index] as const));
  const followers = theirs.flatMap((line, index) => (passes(line, then) === true ? [{ line, index }] : []));
  let at = 0;
  return firsts.map((line) => {
    const place = places.get(line) ?? 0;
    while ((followers[at]?.index ?? Infinity) <= place) at += 1;
    const next = followers[at]?.line;
    return { line, next: next !== undefined && next.atMs - line.atMs <= withinMs ? next : undefined };
  });
}

/** A run that was cut short may have come to more lines; after one that ended, logs go on a little. */
function seenTo(recording: Recording): number {
  const endMs = runWindow(recording).endMs;
  return recording.info.status === "finished" ? Math.max(endMs, recording.logs.at(-1)?.atMs ?? 0) : endMs;
}
