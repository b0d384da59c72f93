import { z } from "zod";

import { messageOf } from "../src/errors.ts";
import type { LogLine } from "../src/recording/log-line.ts";
import { durationPattern, formatDuration, parseDurationMs } from "../src/units/duration.ts";
import { parseGoDurationMs } from "../src/units/go-duration.ts";

/** What is asked of one field of a line. Regular expressions are searched for, or are to match the whole. */
export type FieldCheck =
  | { readonly is: "found" | "whole" | "not whole"; readonly pattern: RegExp }
  | { readonly is: "containing" | "equal" | "not equal"; readonly text: string }
  | ({ readonly is: "<" | "<=" | ">" | ">=" } & FieldBound);

interface FieldBound {
  readonly bound: number;
  readonly unit: FieldUnit;
}

/** A duration is in seconds. */
export type FieldUnit = "time" | "number";

/** One of several, all of which a line has to pass. */
export interface FieldTest {
  /** `msg`, `level`, or any other field of a zap line. */
  readonly field: string;
  readonly check: FieldCheck;
}

/** So much of a field is searched, to bound the time that an expression with much backtracking takes. */
export const searchedMax = 2_000;

/** Why a text is no regular expression; undefined where it is one. */
export function patternError(source: string): string | undefined {
  try {
    new RegExp(source);
    return undefined;
  } catch (error) {
    return messageOf(error);
  }
}

/** A regular expression that has to match a whole text. */
export function wholePattern(source: string): RegExp {
  return new RegExp(`^(?:${source})$`, "s");
}

const anyPattern = z
  .string()
  .max(1_000)
  .check(({ value, issues }) => {
    const error = patternError(value);
    // `continue` lets a union show this problem instead of saying that no alternative fits.
    if (error !== undefined) issues.push({ code: "custom", message: error, input: value, continue: true });
  });

/** A regular expression, as text. */
export const pattern = anyPattern.min(1, "must not be empty");

const text = z.union([z.string(), z.number(), z.boolean()], { error: "must be text, a number, true or false" }).transform(String);
const bound = z.union([z.number(), z.string().regex(durationPattern, "must be a number, or a duration such as 200ms")], { error: "must be a number, or a duration such as 200ms" }).transform((given): FieldBound =>
  typeof given === "number" ? { bound: given, unit: "number" } : { bound: (parseDurationMs(given) ?? 0) / 1_000, unit: "time" },
);

const checks = z
  .strictObject({
    contains: z.string().min(1).optional().meta({ description: "It has this text in it." }),
    equals: text.optional().meta({ description: "It is this." }),
    not: text.optional().meta({ description: "It is something else, or not there." }),
    matches: anyPattern.optional().meta({ description: "The whole of it matches this regular expression." }),
    "not-matches": anyPattern.optional().meta({ description: "The whole of it does not match this regular expression." }),
    above: bound.optional().meta({ description: "It is larger: a number, or a duration such as 200ms." }),
    "at-least": bound.optional().meta({ description: "It is not smaller." }),
    below: bound.optional().meta({ description: "It is smaller." }),
    "at-most": bound.optional().meta({ description: "It is not larger." }),
  })
  .refine((given) => Object.keys(given).length > 0, "needs at least one of contains, equals, not, matches, not-matches, above, at-least, below, at-most");

const fieldShape = z.union([pattern, checks], { error: "must be a regular expression, or a map such as {above: 200ms}" });
const fields = z.record(z.string().min(1), fieldShape).refine((given) => Object.keys(given).length > 0, "needs at least one field");

/** Which lines: what is asked of their fields. */
export const matchOption = z
  .union([pattern, fields], { error: "must be a regular expression for the message, or a map of fields of the line" })
  .transform((given) => Object.entries(typeof given === "string" ? { msg: given } : given).flatMap(([field, asked]) => checksOf(asked).map((check): FieldTest => ({ field, check }))))
  .meta({
    description:
      "Which lines: a regular expression to be found in the message, or a map of fields, all of which have to fit, each with such an expression or with " +
      `conditions: {msg: "took too long", level: {equals: warn}, took: {above: 200ms}}. The first ${searchedMax} characters of a field are searched.`,
  });

function checksOf(asked: z.output<typeof fieldShape>): FieldCheck[] {
  if (typeof asked === "string") return [{ is: "found", pattern: new RegExp(asked) }];
  const { contains, equals, not, matches, "not-matches": notMatches, above, "at-least": atLeast, below, "at-most": atMost } = asked;
  return [
    ...(contains === undefined ? [] : [{ is: "containing" as const, text: contains }]),
    ...(equals === undefined ? [] : [{ is: "equal" as const, text: equals }]),
    ...(not === undefined ? [] : [{ is: "not equal" as const, text: not }]),
    ...(matches === undefined ? [] : [{ is: "whole" as const, pattern: wholePattern(matches) }]),
    ...(notMatches === undefined ? [] : [{ is: "not whole" as const, pattern: wholePattern(notMatches) }]),
    ...(above === undefined ? [] : [{ is: ">" as const, ...above }]),
    ...(atLeast === undefined ? [] : [{ is: ">=" as const, ...atLeast }]),
    ...(below === undefined ? [] : [{ is: "<" as const, ...below }]),
    ...(atMost === undefined ? [] : [{ is: "<=" as const, ...atMost }]),
  ];
}

/** `/lost leader/, level /warn/, took > 200 ms`. */
export function matchTitle(tests: readonly FieldTest[]): string {
  return tests.map(({ field, check }) => (field === "msg" ? checkTitle(check) : `${field} ${checkTitle(check)}`)).join(", ");
}

function checkTitle(check: FieldCheck): string {
  switch (check.is) {
    case "found":
      return `/${check.pattern.source}/`;
    case "whole":
    case "not whole":
      return `${check.is === "whole" ? "" : "not "}/${check.pattern.source}/`;
    case "containing":
      return `"${check.text}"`;
    case "equal":
    case "not equal":
      return `${check.is === "equal" ? "=" : "!="} "${check.text}"`;
    default:
      return `${check.is} ${check.unit === "time" ? formatDuration(check.bound * 1_000) : check.bound}`;
  }
}

/** What a line has in a field, as text; undefined where it has no such field. */
export function fieldText(line: LogLine, field: string): string | undefined {
  if (field === "msg" || field === "level") return line[field];
  const value = Object.hasOwn(line.fields, field) ? line.fields[field] : undefined;
  if (value === undefined || typeof value === "string") return value;
  return JSON.stringify(value);
}

/** What a line has in a field as a number: of a duration the seconds. Undefined where it is neither. */
export function fieldValue(line: LogLine, field: string): { readonly value: number; readonly unit: FieldUnit } | undefined {
  const written = fieldText(line, field);
  if (written === undefined) return undefined;
  const ms = parseGoDurationMs(written);
  if (ms !== undefined) return { value: ms / 1_000, unit: "time" };
  return /^-?\d+(?:\.\d+)?(?:[eE][+-]?\d+)?$/.test(written) ? { value: Number(written), unit: "number" } : undefined;
}

/** Whether a line passes; `unreadable` where a field that is to be compared is there, and is no such number. */
export function passes(line: LogLine, tests: readonly FieldTest[]): boolean | "unreadable" {
  const found = tests.map((test) => passesOne(line, test));
  return found.includes(false) ? false : found.includes("unreadable") ? "unreadable" : true;
}

function passesOne(line: LogLine, { field, check }: FieldTest): boolean | "unreadable" {
  const written = fieldText(line, field)?.slice(0, searchedMax);
  switch (check.is) {
    case "found":
      return written !== undefined && check.pattern.test(written);
    case "containing":
      return written?.includes(check.text) ?? false;
    // A field that is not there is taken for an empty one, as Prometheus does with labels.
    case "whole":
      return check.pattern.test(written ?? "");
    case "not whole":
      return !check.pattern.test(written ?? "");
    case "equal":
      return (written ?? "") === check.text;
    case "not equal":
      return (written ?? "") !== check.text;
    default: {
      if (written === undefined) return false;
      const value = fieldValue(line, field);
      return value?.unit === check.unit ? compares(value.value, check.is, check.bound) : "unreadable";
    }
  }
}

function compares(value: number, is: "<" | "<=" | ">" | ">=", bound: number): boolean {
  switch (is) {
    case "<":
      return value < bound;
    case "<=":
      return value <= bound;
    case ">":
      return value > bound;
    case ">=":
      return value >= bound;
  }
}
