import { z } from "zod";

import { contains } from "../src/analysis/windows.ts";
import type { LogLine } from "../src/recording/log-line.ts";
import type { Recording } from "../src/recording/recording.ts";
import { messageOf } from "../src/errors.ts";
import { formatDuration } from "../src/units/duration.ts";
import { defineAssertion } from "./assertion.ts";
import { checkBounds } from "./bounds.ts";
import { judgeMembers, ofTitle, ofWithAll, type Part } from "./members.ts";
import type { Evidence } from "./verdict.ts";
import { judgeWindow, windowPhases, windowShape, windowTitle, type SeenWindow } from "./window.ts";
import { counted, excerpt } from "./words.ts";

/** So much of a field is searched, to bound the time that an expression with much backtracking takes. */
const searchedMax = 2_000;

const expression = z
  .string()
  .min(1, "must not be empty")
  .max(500)
  .check(({ value, issues }) => {
    const error = syntaxError(value);
    // `continue` lets a union show this problem instead of saying that no alternative fits.
    if (error !== undefined) issues.push({ code: "custom", message: error, input: value, continue: true });
  });

function syntaxError(source: string): string | undefined {
  try {
    new RegExp(source);
    return undefined;
  } catch (error) {
    return messageOf(error);
  }
}

const fields = z.record(z.string().min(1), expression).refine((given) => Object.keys(given).length > 0, "needs at least one field");

const match = z
  .union([expression, fields], { error: "must be a regular expression for the message, or a map of fields of the line, each with one" })
  .transform((given) => Object.entries(typeof given === "string" ? { msg: given } : given).map(([field, source]) => ({ field, pattern: new RegExp(source) })))
  .meta({
    description:
      "Regular expressions, all of which a line has to match: one for its message, or one for each of some fields, " +
      `such as {msg: "took too long", level: "warn|error"}. The first ${searchedMax} characters of a field are searched.`,
  });

const options = z
  .strictObject({
    match,
    "at-least": z.number().int().min(1).optional().meta({ description: "So many lines match. etcd leaves lines out when it logs many alike, so no exact number can be asked for." }),
    none: z.literal(true).optional().meta({ description: "No line matches." }),
    of: ofWithAll,
    ...windowShape,
  })
  .refine((given) => (given["at-least"] === undefined) !== (given.none === undefined), { error: "needs either at-least or none" });

type Options = z.output<typeof options>;

export const log = defineAssertion({
  kind: "log",
  summary: "Whether members logged something, or did not.",
  options,
  title: (given) => `log lines with ${matchTitle(given.match)} ${windowTitle(given)}${ofTitle(given.of)}`,
  phases: windowPhases,
  isWindowed: true,
  judge: (recording, given) =>
    judgeWindow(recording, given, boundText(given), (window) =>
      judgeMembers(recording, given.of, window, boundText(given), (members, who) => judge(recording, members, who, given, window)),
    ),
});

function boundText(given: Options): string {
  return given["at-least"] === undefined ? "no line" : `at least ${counted(given["at-least"], "line")}`;
}

function matchTitle(expressions: Options["match"]): string {
  return expressions.map(({ field, pattern }) => (field === "msg" ? `/${pattern.source}/` : `${field} /${pattern.source}/`)).join(", ");
}

const evidenceMax = 10;

function judge(recording: Recording, members: readonly string[], who: string, given: Options, window: SeenWindow): Part {
  const found = findLines(recording, members, who, given.match, window);
  const observed = found.count === 0 ? "no line" : counted(found.count, "line");
  const doubt = unknownField(recording, given) ?? found.doubt;
  const bounds = given["at-least"] === undefined ? { "at-most": 0 } : { "at-least": given["at-least"] };
  const outcome = checkBounds(found.count, { notLess: true, notMore: window.complete && doubt === undefined }, bounds);
  const inPart = outcome === "fail" ? `in the ${formatDuration(window.endMs - window.startMs)} of ${window.name}` : `in the part of ${window.name} that was seen`;
  const reason = outcome === "inconclusive" && doubt !== undefined ? doubt : `${observed} matched ${inPart}`;
  const badness = given["at-least"] === undefined ? found.count : -found.count;
  return { who, outcome, observed, ...(outcome === "pass" ? {} : { reason }), badness, evidence: found.evidence };
}

export interface FoundLines {
  readonly count: number;
  /** Why there may be more than were found. */
  readonly doubt: string | undefined;
  readonly evidence: readonly Evidence[];
}

/** Counts the lines of some members that match all expressions. */
export function findLines(recording: Recording, members: readonly string[], who: string, expressions: Options["match"], window: SeenWindow): FoundLines {
  const silent = members.filter((member) => !recording.logs.some((line) => line.member === member));
  const lines = recording.logs.filter((line) => members.includes(line.member) && contains(window, line.atMs));
  const matching = lines.filter((line) => matches(line, expressions));
  const evidence = matching.length > 0 ? matching.slice(0, evidenceMax).map(evidenceOf) : [searched(lines.length, who, members, window)];
  return { count: matching.length, doubt: doubtAbout(lines, matching, silent, expressions), evidence };
}

/** That nothing was found says something where it is known what was looked through. */
function searched(lines: number, who: string, members: readonly string[], { startMs, endMs, name }: SeenWindow): Evidence {
  return { kind: "window", atMs: startMs, endMs, ...(members.length === 1 ? { member: who } : {}), text: `none of ${counted(lines, "line")} of ${who} in ${name} matched` };
}

/** A misspelt field must not pass for lines that are not there. */
function unknownField({ logs }: Recording, { match: expressions, none }: Options): string | undefined {
  if (none !== true) return undefined;
  const unknown = expressions.find(({ field }) => !logs.some((line) => fieldText(line, field) !== undefined));
  return unknown === undefined ? undefined : `no line of the whole run has a field ${unknown.field}`;
}

/** Why there may be lines that match beside those that were found. */
function doubtAbout(lines: readonly LogLine[], matching: readonly LogLine[], silent: readonly string[], expressions: Options["match"]): string | undefined {
  if (silent.length > 0) return `nothing of the log was recorded in the whole run${silent.length > 1 ? ` (${silent.join(", ")})` : ""}`;
  // A sampled line was preceded by a hundred like it, so that none means none.
  if (wereSampled(matching)) return `${counted(matching.length, "line")} matched, and etcd leaves lines out when it logs a hundred alike in a second`;
  const long = lines.filter((line) => expressions.some(({ field }) => (fieldText(line, field)?.length ?? 0) > searchedMax) && !matching.includes(line));
  return long.length === 0 ? undefined : `only the first ${searchedMax} characters of ${counted(long.length, "line")} were searched`;
}

function matches(line: LogLine, expressions: Options["match"]): boolean {
  return expressions.every(({ field, pattern }) => {
    const text = fieldText(line, field);
    return text !== undefined && pattern.test(text.slice(0, searchedMax));
  });
}

function fieldText(line: LogLine, field: string): string | undefined {
  if (field === "msg" || field === "level") return line[field];
  const value = Object.hasOwn(line.fields, field) ? line.fields[field] : undefined;
  if (value === undefined || typeof value === "string") return value;
  return JSON.stringify(value);
}

/** zap writes the first hundred alike of a second, then every hundredth: a hundred in any second may have been more. */
function wereSampled(lines: readonly LogLine[]): boolean {
  return lines.some(({ atMs }, index) => index >= 99 && atMs - (lines[index - 99]?.atMs ?? -Infinity) <= 1_000);
}

function evidenceOf({ atMs, member, level, msg }: LogLine): Evidence {
  return { kind: "log", atMs, member, text: excerpt(level === "" || level === "info" ? msg : `${level}: ${msg}`) };
}
