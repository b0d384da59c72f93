import { z } from "zod";

import type { Recording } from "../src/recording/recording.ts";
import { durationOption } from "../src/units/duration-option.ts";
import { formatDuration } from "../src/units/duration.ts";
import { defineAssertion } from "./assertion.ts";
import { boundNames, boundsText, checkBounds, contradiction, type Bounds } from "./bounds.ts";
import { firstLine } from "./log-first.ts";
import { findLines, unknownField } from "./log-lines.ts";
import { matchOption, matchTitle, type FieldTest, type FieldUnit } from "./log-match.ts";
import { judgeOrder } from "./log-order.ts";
import { measureValues, valueMeasures, valueText } from "./log-values.ts";
import { judgeMembersOrLeader, ofTitle, ofWithLeader, type Part } from "./members.ts";
import { boundsOf, thresholds } from "./thresholds.ts";
import { judgeWindow, windowPhases, windowShape, windowTitle, type SeenWindow } from "./window.ts";
import { counted, percentile } from "./words.ts";

/** Why no larger number can be asked for as the most. */
export const lowerBoundOnly = "etcd leaves lines out when it logs many alike, so that a count is a lower bound, of which only 0 can be asked for as the most";

const positive = (description: string) => durationOption(description).refine((ms) => ms > 0, "must be longer than zero");

const value = z
  .strictObject({
    field: z.string().min(1).meta({ description: "The field, such as took." }),
    measure: z.enum(valueMeasures).default("max").meta({ description: "What of its values in all lines that match." }),
    quantile: z.number().min(0).max(1).default(0.99).meta({ description: "Which quantile, from 0 to 1." }),
    ...thresholds,
  })
  .check(({ value: given, issues }) => {
    const bounds = boundNames.flatMap((name) => given[name] ?? []);
    if (bounds.length === 0) issues.push({ code: "custom", message: `needs one of ${boundNames.join(", ")}`, path: [], input: given });
    if (new Set(bounds.map((each) => typeof each)).size > 1) issues.push({ code: "custom", message: "must be all numbers, or all durations", path: [], input: given });
    const impossible = contradiction(boundsOf(given));
    if (impossible !== undefined) issues.push({ code: "custom", message: impossible, path: [], input: given });
  });

const asked = ["at-least", "none", "at-most", "first", "then", "value"] as const;

const options = z
  .strictObject({
    match: matchOption,
    "at-least": z.number().int().min(1).optional().meta({ description: "So many lines match. etcd leaves lines out when it logs many alike, so no exact number can be asked for." }),
    none: z.literal(true).optional().meta({ description: "No line matches." }),
    "at-most": z.literal(0, { error: `can only be 0: ${lowerBoundOnly}` }).optional().meta({ description: "0, which is none: counts are lower bounds." }),
    first: z.strictObject({ within: positive("How long after the window's start it comes at the latest, such as 5s.") }).optional().meta({ description: "When the first line comes that matches." }),
    then: z
      .strictObject({ match: matchOption, within: positive("How long after it, such as 5s.") })
      .optional()
      .meta({ description: "Each line that matches is followed by one that matches this, of the same member, or with `of: all` of any." }),
    value: value.optional().meta({ description: "What a field of the lines that match comes to, such as the largest took." }),
    of: ofWithLeader,
    ...windowShape,
  })
  .refine((given) => asked.filter((name) => given[name] !== undefined).length === 1, { error: `needs exactly one of ${asked.join(", ")}` });

type Options = z.output<typeof options>;

export const log = defineAssertion({
  kind: "log",
  summary: "What members logged, or did not: how many lines, when the first, in which order, and what their fields come to.",
  options,
  title: (given) => `${given.value === undefined ? "" : `${measureTitle(given.value)} of `}log lines with ${matchTitle(given.match)}${given.then === undefined ? "" : `, then ${matchTitle(given.then.match)},`} ${windowTitle(given)}${ofTitle(given.of)}`,
  phases: windowPhases,
  isWindowed: true,
  judge: (recording, given) =>
    judgeWindow(recording, given, boundText(given), (window) =>
      judgeMembersOrLeader(recording, given.of, window, boundText(given), (members, who, stretch) => judge(recording, members, who, given, stretch)),
    ),
});

function boundText(given: Options): string {
  if (given["at-least"] !== undefined) return `at least ${counted(given["at-least"], "line")}`;
  if (given.first !== undefined) return `the first within ${formatDuration(given.first.within)}`;
  if (given.then !== undefined) return `each followed within ${formatDuration(given.then.within)}`;
  if (given.value !== undefined) return boundsText(boundsOf(given.value), (bound) => valueText(bound, unitOf(given.value)));
  return "no line";
}

function judge(recording: Recording, members: readonly string[], who: string, given: Options, window: SeenWindow): Part {
  if (given.first !== undefined) return judgeFirst(recording, members, who, { tests: given.match, withinMs: given.first.within }, window);
  if (given.then !== undefined) return judgeOrder(recording, members, who, { first: given.match, then: given.then.match, withinMs: given.then.within }, window);
  if (given.value !== undefined) return judgeValue(recording, members, who, { ...given.value, tests: given.match, bounds: boundsOf(given.value), unit: unitOf(given.value) }, window);
  return judgeCount(recording, members, who, given, window);
}

function judgeCount(recording: Recording, members: readonly string[], who: string, given: Options, window: SeenWindow): Part {
  const { lines: { length: count }, evidence, ...found } = findLines(recording, members, who, given.match, window);
  const atLeast = given["at-least"];
  const observed = count === 0 ? "no line" : counted(count, "line");
  const doubt = count === 0 ? (unknownField(recording, given.match) ?? found.lost) : found.doubt;
  const outcome = checkBounds(count, { notLess: true, notMore: window.complete && doubt === undefined }, atLeast === undefined ? { "at-most": 0 } : { "at-least": atLeast });
  const inPart = outcome === "fail" ? `in the ${formatDuration(window.endMs - window.startMs)} of ${window.name}` : `in the part of ${window.name} that was seen`;
  const reason = outcome === "inconclusive" && doubt !== undefined ? doubt : `${observed} matched ${inPart}`;
  return { who, outcome, observed, ...(outcome === "pass" ? {} : { reason }), badness: atLeast === undefined ? count : -count, evidence };
}

function judgeFirst(recording: Recording, members: readonly string[], who: string, { tests, withinMs }: { readonly tests: readonly FieldTest[]; readonly withinMs: number }, window: SeenWindow): Part {
  const { seconds, certainty, observed, doubt, evidence } = firstLine(recording, members, who, tests, window);
  const outcome = checkBounds(seconds, certainty, { "at-most": withinMs / 1_000 });
  const reason = outcome === "fail" ? `${observed} of ${window.name}` : (doubt ?? `${window.name} was not seen to its end`);
  return { who, outcome, observed, ...(outcome === "pass" ? {} : { reason }), badness: seconds, evidence };
}

interface ValueJudgement {
  readonly tests: readonly FieldTest[];
  readonly field: string;
  readonly measure: (typeof valueMeasures)[number];
  readonly quantile: number;
  readonly bounds: Bounds;
  readonly unit: FieldUnit;
}

function judgeValue(recording: Recording, members: readonly string[], who: string, { bounds, unit, ...query }: ValueJudgement, window: SeenWindow): Part {
  const measured = measureValues(recording, members, who, query, window);
  if ("reason" in measured) return { who, outcome: "inconclusive", observed: "nothing", reason: measured.reason, badness: 0, evidence: [] };
  const { value: found, text, evidence, certainty, doubt } = measured;
  const base = { who, observed: text, badness: bounds.below !== undefined || bounds["at-most"] !== undefined ? found : -found, evidence };
  if (measured.unit !== unit) return { ...base, outcome: "inconclusive", reason: `${query.field} is a ${measured.unit === "time" ? "duration" : "plain number"}, and is compared with a ${unit === "time" ? "duration" : "plain number"}` };
  const outcome = checkBounds(found, certainty, bounds);
  const reason = outcome === "fail" ? `${text}, not ${boundsText(bounds, (bound) => valueText(bound, unit))}` : `${text} is what was seen, but ${doubt ?? "not all was"}`;
  return { ...base, outcome, ...(outcome === "pass" ? {} : { reason }) };
}

function unitOf(given: Options["value"]): FieldUnit {
  return boundNames.some((name) => typeof given?.[name] === "object") ? "time" : "number";
}

function measureTitle({ measure, quantile, field }: z.output<typeof value>): string {
  return `${measure === "quantile" ? percentile(quantile) : measure} ${field}`;
}
