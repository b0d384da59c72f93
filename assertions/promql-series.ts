import { blindSpots, standstills, without, type Stretch } from "../src/analysis/coverage.ts";
import { sampleValue, type PromqlAnswer, type PromqlSeries } from "../src/recording/promql.ts";
import type { Recording } from "../src/recording/recording.ts";
import { formatDuration } from "../src/units/duration.ts";
import { boundNames, boundsText, certain, checkBounds, type Bounds } from "./bounds.ts";
import type { Part } from "./members.ts";
import { badnessOf } from "./metric.ts";
import type { Evidence } from "./verdict.ts";
import type { SeenWindow } from "./window.ts";
import { counted, excerpt, figure } from "./words.ts";

/** How the values of one series are judged. */
export interface SeriesJudgement {
  readonly query: string;
  readonly when: "always" | "eventually" | "at-end";
  readonly bounds: Bounds;
  readonly format: (value: number) => string;
  readonly window: SeenWindow;
  /** At which it was asked for in the window; at least one. */
  readonly moments: readonly number[];
  /** When a member was not scraped though it ran: what goes beyond this series then could be anything. */
  readonly blind: readonly Blind[];
  readonly stepMs: number;
}

export interface Blind extends Stretch {
  readonly member: string;
}

interface Point {
  readonly atMs: number;
  readonly value: number;
}

/** As with other observers: that much later something is missing, not late. */
function lateMs(stepMs: number): number {
  return Math.max(2_000, 2 * stepMs);
}

/**
 * The moments of a window that were asked for. A value at a moment may be up to one scrape old: where that
 * would be of the time before the window it is left out.
 */
export function momentsIn({ fromMs, toMs, stepMs }: Pick<PromqlAnswer, "fromMs" | "toMs" | "stepMs">, window: Stretch): number[] {
  const moments: number[] = [];
  const first = Math.max(0, Math.ceil((window.startMs + stepMs - fromMs) / stepMs));
  for (let index = first; fromMs + index * stepMs <= toMs && fromMs + index * stepMs < window.endMs; index += 1) moments.push(fromMs + index * stepMs);
  return moments;
}

/** When members ran and their scrapes failed, or there was none, for longer than a moment. */
export function unscraped(recording: Recording, up: Extract<PromqlAnswer, { series: unknown }>, moments: readonly number[]): Blind[] {
  return recording.info.members.flatMap(({ name }) => {
    const series = up.series.filter(({ labels }) => labels["member"] === name);
    const timesMs = pointsAt(series.flatMap(({ points }) => points), moments).filter(({ value }) => value === 1).map(({ atMs }) => atMs);
    return gapsOf(recording, name, timesMs, moments, up.stepMs).map((gap) => ({ ...gap, member: name }));
  });
}

/** Without the time in which the member's process did not run: nothing is missed then. */
function gapsOf(recording: Recording, member: string | undefined, timesMs: readonly number[], moments: readonly number[], stepMs: number): Stretch[] {
  const [startMs = 0, endMs = startMs] = [moments[0], moments.at(-1)];
  const stood = member === undefined ? [] : standstills(recording, member);
  // However short the window is: a value at no moment of it is missing, not late.
  if (timesMs.length === 0 && !stood.some((stop) => stop.startMs <= startMs && stop.endMs >= endMs)) return [{ startMs, endMs }];
  const gaps = blindSpots([...timesMs].sort((a, b) => a - b), { startMs, endMs }, lateMs(stepMs));
  return without(gaps, stood).filter((gap) => gap.endMs - gap.startMs > lateMs(stepMs));
}

function pointsAt(points: PromqlSeries["points"], moments: readonly number[]): Point[] {
  const wanted = new Set(moments);
  return points.filter(([atMs]) => wanted.has(atMs)).map(([atMs, text]) => ({ atMs, value: sampleValue(text) }));
}

/** Judges one series, which has a value in the window. */
export function judgeSeries(recording: Recording, { labels, points }: PromqlSeries, given: SeriesJudgement): Part {
  const { when, bounds, format, window, moments, blind, stepMs } = given;
  const values = pointsAt(points, moments);
  const known = values.filter(({ value }) => !Number.isNaN(value));
  const holds = ({ value }: Point): boolean => checkBounds(value, certain, bounds) === "pass";
  const broken = known.filter((point) => !holds(point));
  const worst = known.reduce<Point | undefined>((bad, point) => (bad === undefined || badnessOf(point.value, bounds) > badnessOf(bad.value, bounds) ? point : bad), undefined);
  const show = (point: Point | undefined): Evidence[] => (point === undefined ? [] : [evidenceOf(point, labels, given)]);
  const base = { who: seriesText(labels), observed: worst === undefined ? "NaN" : `${format(worst.value)} at ${formatDuration(worst.atMs)}`, badness: worst === undefined ? 0 : badnessOf(worst.value, bounds) };
  const unknown = whyUnknown(values, gapsOf(recording, labels["member"], values.map(({ atMs }) => atMs), moments, stepMs), blind, window);
  const not = (point: Point): string => `${format(point.value)} at ${formatDuration(point.atMs)}, not ${boundsText(bounds, format)}`;
  const [firstBroken] = broken;
  switch (when) {
    case "always":
      if (firstBroken !== undefined) return { ...base, outcome: "fail", reason: `${not(firstBroken)}, in ${broken.length} of ${counted(values.length, "value")}`, evidence: broken.flatMap(show) };
      return unknown === undefined ? { ...base, outcome: "pass", evidence: show(worst) } : { ...base, outcome: "inconclusive", reason: unknown, evidence: show(worst) };
    case "eventually": {
      const held = known.find(holds);
      if (held !== undefined) return { ...base, outcome: "pass", observed: `${format(held.value)} at ${formatDuration(held.atMs)}`, evidence: show(held) };
      if (unknown !== undefined) return { ...base, outcome: "inconclusive", reason: unknown, evidence: show(worst) };
      return { ...base, outcome: "fail", reason: `in none of ${counted(values.length, "value")} ${boundsText(bounds, format)}`, evidence: broken.flatMap(show) };
    }
    case "at-end": {
      const last = values.at(-1);
      const end = last === undefined ? base : { ...base, observed: `${textOf(last.value, format)} at ${formatDuration(last.atMs)}` };
      const late = last === undefined || !window.complete || window.endMs - last.atMs > lateMs(stepMs) || blind.some(({ endMs }) => endMs === moments.at(-1));
      if (late) return { ...end, outcome: "inconclusive", reason: `it has no value at the end of ${window.name} that is certain`, evidence: show(last) };
      if (Number.isNaN(last.value)) return { ...end, outcome: "inconclusive", reason: nan(last), evidence: show(last) };
      return holds(last) ? { ...end, outcome: "pass", evidence: show(last) } : { ...end, outcome: "fail", reason: not(last), evidence: show(last) };
    }
  }
}

function whyUnknown(values: readonly Point[], [gap]: readonly Stretch[], [blind]: readonly Blind[], window: SeenWindow): string | undefined {
  const unnumbered = values.find(({ value }) => Number.isNaN(value));
  if (unnumbered !== undefined) return nan(unnumbered);
  if (gap !== undefined) return `it has no value from ${formatDuration(gap.startMs)} to ${formatDuration(gap.endMs)}; what a comparison in a query does not match is left out of it`;
  if (blind !== undefined) return `${blind.member} was not scraped from ${formatDuration(blind.startMs)} to ${formatDuration(blind.endMs)}`;
  return window.complete ? undefined : `${window.name} was not seen to its end`;
}

function nan({ atMs }: Point): string {
  return `it is NaN at ${formatDuration(atMs)}, as a quantile or a share of nothing is`;
}

/** `{le="0.1",member="etcd-1"}`; a result without labels is called so. */
export function seriesText(labels: PromqlSeries["labels"]): string {
  const { __name__: name = "", ...others } = labels;
  const pairs = Object.entries(others).sort(([a], [b]) => (a < b ? -1 : 1)).map(([label, value]) => `${label}=${JSON.stringify(value)}`);
  return pairs.length === 0 ? name || "the result" : `${name}{${pairs.join(",")}}`;
}

function evidenceOf({ atMs, value }: Point, labels: PromqlSeries["labels"], { query, format }: SeriesJudgement): Evidence {
  const member = labels["member"];
  return { kind: "metric", atMs, ...(member === undefined ? {} : { member }), text: `${seriesText(labels)} is ${textOf(value, format)}, by ${excerpt(query, 200)}` };
}

function textOf(value: number, format: (value: number) => string): string {
  return Number.isNaN(value) ? "NaN" : format(value);
}

/** Where a bound has a unit of time, so have the values: PromQL counts in seconds. */
export function formatOf(given: Partial<Readonly<Record<(typeof boundNames)[number], number | { readonly seconds: number } | undefined>>>): (value: number) => string {
  const timed = boundNames.some((name) => typeof given[name] === "object");
  return (value) => (timed && Number.isFinite(value) ? formatDuration(value * 1_000) : figure(value));
}
