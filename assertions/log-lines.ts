import { contains } from "../src/analysis/windows.ts";
import type { LogLine } from "../src/recording/log-line.ts";
import type { Recording } from "../src/recording/recording.ts";
import { fieldText, passes, searchedMax, type FieldTest } from "./log-match.ts";
import type { Evidence } from "./verdict.ts";
import type { SeenWindow } from "./window.ts";
import { counted, excerpt } from "./words.ts";

export interface FoundLines {
  /** In order of time. */
  readonly lines: readonly LogLine[];
  /** Why a line that matches may be missing, even the first; undefined where all can be had but for those that etcd left out. */
  readonly lost: string | undefined;
  /** Why there may be more than were found. */
  readonly doubt: string | undefined;
  readonly evidence: readonly Evidence[];
}

const evidenceMax = 10;

/** The lines of some members in a window that pass all tests, and what may be missing among them. */
export function findLines(recording: Recording, members: readonly string[], who: string, tests: readonly FieldTest[], window: SeenWindow): FoundLines {
  const theirs = recording.logs.filter(({ member }) => members.includes(member));
  const inWindow = theirs.filter(({ atMs }) => contains(window, atMs));
  const found = inWindow.map((line) => ({ line, passed: passes(line, tests) }));
  const lines = found.filter(({ passed }) => passed === true).map(({ line }) => line);
  const unreadable = found.filter(({ passed }) => passed === "unreadable").map(({ line }) => line);
  const evidence = lines.length > 0 ? lines.slice(0, evidenceMax).map(lineEvidence) : [searched(inWindow.length, who, members, window)];
  const sampled = wereSampled(theirs, tests, window);
  const damage = damageOf(recording, members) ?? comparedAmiss(unreadable, tests) ?? halfSearched(inWindow, lines, tests);
  // A line that was left out was preceded by a hundred like it; only its other fields may be its own.
  const lost = damage ?? (tests.every(({ field }) => isOfSampler(field)) ? undefined : sampled);
  return { lines, lost, doubt: damage ?? sampled, evidence };
}

/** A log line as evidence. */
export function lineEvidence({ atMs, member, level, msg }: LogLine): Evidence {
  return { kind: "log", atMs, member, text: excerpt(level === "" || level === "info" ? msg : `${level}: ${msg}`) };
}

/** A misspelt field must not pass for lines that are not there. */
export function unknownField({ logs }: Pick<Recording, "logs">, tests: readonly FieldTest[]): string | undefined {
  const unknown = tests.find(({ field }) => !logs.some((line) => fieldText(line, field) !== undefined));
  return unknown === undefined ? undefined : `no line of the whole run has a field ${unknown.field}`;
}

/** That nothing was found says something where it is known what was looked through. */
function searched(lines: number, who: string, members: readonly string[], { startMs, endMs, name }: SeenWindow): Evidence {
  return { kind: "window", atMs: startMs, endMs, ...(members.length === 1 ? { member: who } : {}), text: `none of ${counted(lines, "line")} of ${who} in ${name} matched` };
}

/** What of their logs is not there, or cannot be read. */
function damageOf({ logs, defects }: Recording, members: readonly string[]): string | undefined {
  const silent = members.filter((member) => !logs.some((line) => line.member === member));
  if (silent.length > 0) return `nothing of the log was recorded in the whole run${silent.length > 1 ? ` (${silent.join(", ")})` : ""}`;
  const defect = defects.find((each) => members.some((member) => each.startsWith(`logs/${member}.log`)));
  if (defect !== undefined) return defect;
  const broken = logs.filter((line) => members.includes(line.member) && isBroken(line));
  return broken.length === 0 ? undefined : `${counted(broken.length, "line")} of the log cannot be read, such as ${excerpt(broken[0]?.raw ?? "", 60)}`;
}

/** A line of zap's that does not end: what else is no JSON is text that etcd did not write by zap. */
function isBroken({ raw, level, fields }: LogLine): boolean {
  return level === "" && raw.startsWith("{") && Object.keys(fields).length === 0;
}

function comparedAmiss(lines: readonly LogLine[], tests: readonly FieldTest[]): string | undefined {
  const [first] = lines;
  if (first === undefined) return undefined;
  const odd = tests.find((test) => passes(first, [test]) === "unreadable");
  const what = odd !== undefined && "unit" in odd.check && odd.check.unit === "time" ? "duration" : "number";
  return `${odd?.field ?? "a field"} is no ${what} in ${counted(lines.length, "line")}, such as "${excerpt(fieldText(first, odd?.field ?? "") ?? "", 40)}"`;
}

function halfSearched(inWindow: readonly LogLine[], found: readonly LogLine[], tests: readonly FieldTest[]): string | undefined {
  const matched = new Set(found);
  const long = inWindow.filter((line) => tests.some(({ field }) => (fieldText(line, field)?.length ?? 0) > searchedMax) && !matched.has(line));
  return long.length === 0 ? undefined : `only the first ${searchedMax} characters of ${counted(long.length, "line")} were searched`;
}

/** zap writes the first hundred lines of a second that have level and message in common, then every hundredth. */
const sampledFrom = 100;
const sampledMs = 1_000;

/** To zap's sampler lines are alike that have these in common. */
function isOfSampler(field: string): boolean {
  return field === "msg" || field === "level";
}

/** Of lines that may have matched, the message of which a hundred came in a second that the window has a part in. */
function wereSampled(lines: readonly LogLine[], tests: readonly FieldTest[], window: SeenWindow): string | undefined {
  const known = tests.filter(({ field }) => isOfSampler(field));
  const timesMs = new Map<string, number[]>();
  const near = lines.filter(({ atMs }) => atMs >= window.startMs - 2 * sampledMs && atMs < window.endMs);
  for (const line of near) {
    if (Object.keys(line.fields).length === 0 || passes(line, known) !== true) continue;
    const alike = `${line.member}\0${line.level}\0${line.msg}`;
    const times = timesMs.get(alike) ?? [];
    timesMs.set(alike, times);
    times.push(line.atMs);
    const hundredthMs = times.at(-sampledFrom);
    if (hundredthMs === undefined || line.atMs - hundredthMs > sampledMs) continue;
    if (hundredthMs + sampledMs > window.startMs) return `"${excerpt(line.msg, 60)}" came ${sampledFrom} times in a second, and from there on etcd leaves most such lines out`;
  }
  return undefined;
}
