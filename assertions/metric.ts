import { z } from "zod";

import type { Recording } from "../src/recording/recording.ts";
import { formatDuration } from "../src/units/duration.ts";
import { defineAssertion } from "./assertion.ts";
import { boundNames, boundsText, checkBounds, contradiction, type Bounds } from "./bounds.ts";
import { labelsOption, labelsText } from "./labels.ts";
import { ledStretches } from "./led.ts";
import { measureMetric, measures, type Measured, type MetricQuery } from "./measure.ts";
import { judgeMembersOrLeader, ofTitle, ofWithLeader, type Part } from "./members.ts";
import { boundsOf, thresholds } from "./thresholds.ts";
import type { Evidence, Outcome } from "./verdict.ts";
import { judgeWindow, windowPhases, windowShape, windowTitle, type SeenWindow } from "./window.ts";
import { counted, figure, percentile } from "./words.ts";

const options = z
  .strictObject({
    name: z
      .string()
      .regex(/^[a-zA-Z_:][\w:]*$/, "must be the name of a metric such as etcd_server_has_leader")
      .meta({ description: "The metric's name; for a quantile the histogram's, without _bucket." }),
    labels: labelsOption,
    measure: z.enum(measures).meta({
      description: "increase and rate (a second) of a counter, delta, min, max, avg and last of a gauge, quantile of a histogram; all of the window alone. Restarts are accounted for.",
    }),
    quantile: z.number().min(0).max(1).default(0.99).meta({ description: "Which quantile, from 0 to 1." }),
    of: ofWithLeader,
    ...thresholds,
    ...windowShape,
  })
  .check(({ value, issues }) => {
    const given = boundNames.filter((name) => value[name] !== undefined);
    if (given.length === 0) issues.push({ code: "custom", message: `needs one of ${boundNames.join(", ")}`, path: [], input: value });
    for (const name of inSeconds(value) ? [] : given.filter((each) => typeof value[each] === "object")) {
      issues.push({ code: "custom", message: `must be a number: ${value.measure} of ${value.name} is not in seconds`, path: [name], input: value[name] });
    }
    const impossible = contradiction(boundsOf(value));
    if (impossible !== undefined) issues.push({ code: "custom", message: impossible, path: [], input: value });
    if (value.of === "all" && (value.measure === "min" || value.measure === "max")) {
      issues.push({ code: "custom", message: `members cannot be added up for ${value.measure}: say each or any`, path: ["of"], input: value.of });
    }
  });

type Options = z.output<typeof options>;

/** The scrapes that are compared are the last before the window and the last in it. */
export const metric = defineAssertion({
  kind: "metric",
  summary: "What a metric of etcd did: its increase, rate, extremes, last value, or a histogram's quantile.",
  options,
  title: (given) => `${measureTitle(given)} of ${given.name}${labelsText(given.labels)} ${windowTitle(given)}${ofTitle(given.of)}`,
  phases: windowPhases,
  metrics: ({ name, measure }) => [measure === "quantile" ? `${name.replace(/_bucket$/, "")}_bucket` : name],
  isWindowed: true,
  judge: (recording, given) =>
    judgeWindow(recording, given, boundText(given), (window) =>
      judgeMembersOrLeader(recording, inTheEnd(recording, given, window), window, boundText(given), (members, who, stretch) =>
        judgeMetric(recording, members, who, stretch, { query: given, bounds: boundsOf(given), format: formatOf(given) }),
      ),
    ),
});

/** The last value on the leader is that of who led in the end. */
function inTheEnd(recording: Recording, { of, measure }: Options, window: SeenWindow): Options["of"] {
  return of === "leader" && measure === "last" ? (ledStretches(recording, window).at(-1)?.leader ?? of) : of;
}

/** What is to be measured, and how it is to come out. */
export interface MetricJudgement {
  readonly query: MetricQuery;
  readonly bounds: Bounds;
  readonly format: (value: number) => string;
  /** Fewer values in a histogram tell nothing. */
  readonly fewestValues?: number;
}

/** One member's part, or that of several added up. */
export function judgeMetric(
  recording: Recording,
  members: readonly string[],
  who: string,
  window: SeenWindow,
  { query, bounds, format, fewestValues = 1 }: MetricJudgement,
): Part {
  const measured = measureMetric(recording, members, query, window);
  if ("reason" in measured) return { who, outcome: "inconclusive", observed: "nothing", reason: measured.reason, badness: 0, evidence: [] };
  const { value, certainty, quantile } = measured;
  const few = quantile !== undefined && quantile.total < fewestValues;
  const outcome: Outcome = few ? "inconclusive" : checkBounds(value, certainty, bounds);
  const observed = observedText(measured, format);
  const asked = boundsText(bounds, format);
  const reason = few
    ? `only ${counted(quantile.total, "value")} in this time, at least ${fewestValues} are needed`
    : outcome === "fail"
      ? `${observed}, not ${asked}`
      : `${observed} is what was seen, but ${measured.notes.join("; ") || uncertainty(measured, window)}`;
  const evidence: Evidence = { kind: "metric", atMs: measured.fromMs, endMs: measured.toMs, ...(members.length === 1 ? { member: who } : {}), text: measuredText(query, measured, format) };
  return { who, outcome, observed, ...(outcome === "pass" ? {} : { reason }), badness: badnessOf(value, bounds), evidence: [evidence] };
}

function uncertainty({ quantile }: Measured, window: SeenWindow): string {
  return quantile?.isLowerBound === true ? "it lies beyond the highest bucket" : `${window.name} was not seen to its end`;
}

/** A value with its sign where it is but a bound of the true one: `at least 5`. */
export function observedText({ value, certainty, quantile }: Measured, format: (value: number) => string): string {
  const sign = certainty.notLess === certainty.notMore ? "" : certainty.notLess ? (quantile === undefined ? "at least " : "above ") : "at most ";
  return `${sign}${format(value)}${quantile === undefined ? "" : ` (of ${counted(quantile.total, "value")})`}`;
}

/** What was read, and at which scrapes. */
export function measuredText(query: MetricQuery, { value, quantile, notes, fromMs, toMs }: Measured, format: (value: number) => string): string {
  const upTo = quantile === undefined || quantile.le === Infinity ? "" : ` up to ${format(quantile.le)}`;
  const bucket = quantile === undefined ? "" : `, in the bucket above ${format(quantile.aboveLe)}${upTo}, of ${counted(quantile.total, "value")}`;
  const scrapes = fromMs === toMs ? `at ${formatDuration(fromMs)}` : `from ${formatDuration(fromMs)} to ${formatDuration(toMs)}`;
  return [`${measureTitle(query)} of ${query.name} ${format(value)}${bucket}, ${scrapes}`, ...notes].join("; ");
}

/** How far a value is from what it is bound to, to find the worst of several: the larger, the worse. */
export function badnessOf(value: number, bounds: Bounds): number {
  return bounds.below !== undefined || bounds["at-most"] !== undefined ? value : bounds.equals === undefined ? -value : Math.abs(value - bounds.equals);
}

/** Whether a measure of a metric is in seconds, as its name tells. */
export function inSeconds({ name, measure }: Pick<MetricQuery, "name" | "measure">): boolean {
  if (measure === "rate") return false;
  return measure === "quantile" ? /_seconds(?:_bucket)?$/.test(name) : /_seconds(?:_sum|_total)?$/.test(name);
}

/** How values of a metric are written. */
export function formatOf(query: Pick<MetricQuery, "name" | "measure">): (value: number) => string {
  if (inSeconds(query)) return (value) => formatDuration(value * 1_000);
  return query.measure === "rate" ? (value) => `${figure(value)} a second` : figure;
}

function boundText(given: Options): string {
  return boundsText(boundsOf(given), formatOf(given));
}

function measureTitle({ measure, quantile }: MetricQuery): string {
  return measure === "quantile" ? percentile(quantile) : measure;
}
