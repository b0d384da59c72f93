import { closest } from "fastest-levenshtein";

import { increase, restarts, scrapeSpan, valueAt, type ScrapeSpan } from "../src/analysis/counters.ts";
import { blindSpots, standstills, without, type Stretch } from "../src/analysis/coverage.ts";
import { bucketBound, histogramQuantile, mergeBuckets, type Bucket, type HistogramQuantile } from "../src/analysis/histogram.ts";
import type { MetricSeries, MetricStore } from "../src/recording/metric-store.ts";
import type { Recording } from "../src/recording/recording.ts";
import { formatDuration } from "../src/units/duration.ts";
import { certain, ifSeen, uncertain, type Certainty } from "./bounds.ts";
import { hasLabels, labelsText, type LabelMatcher } from "./labels.ts";
import type { SeenWindow } from "./window.ts";

export const measures = ["increase", "rate", "delta", "min", "max", "avg", "last", "quantile"] as const;
export type Measure = (typeof measures)[number];

export interface MetricQuery {
  readonly name: string;
  /** Only series that fit all of these; those that do are added up. */
  readonly labels: readonly LabelMatcher[];
  readonly measure: Measure;
  /** 0 to 1, for `quantile`. */
  readonly quantile: number;
}

/** What a metric said in a window. */
export interface Measured {
  readonly value: number;
  readonly certainty: Certainty;
  readonly fromMs: number;
  readonly toMs: number;
  /** What else is to be known: `etcd-1 started anew at 7.3 s`. */
  readonly notes: readonly string[];
  readonly quantile?: HistogramQuantile;
}

export interface Unmeasured {
  readonly reason: string;
}

/** Metrics are scraped every 250 ms: that much later a scrape is missing, not late. */
const scrapeLateMs = 1_000;

/** Measures a metric of one member, or of several added up. */
export function measureMetric(recording: Recording, members: readonly string[], query: MetricQuery, window: SeenWindow): Measured | Unmeasured {
  const name = query.measure === "quantile" ? `${query.name.replace(/_bucket$/, "")}_bucket` : query.name;
  const everSeen = recording.metrics.series(name);
  if (everSeen.length === 0) return { reason: neverSeen(recording.metrics, name) };
  // A misspelt label must not pass for a counter at 0; nor can it be told from one that never counted anything.
  if (!everSeen.some((series) => hasLabels(series.labels, query.labels))) return { reason: `no member ever had a ${seriesText(query)}` };
  const seen = members.flatMap((member) => seenOf(recording, member, name, query, window));
  if (seen.length === 0) return { reason: `no scrape in ${window.name} was successful` };
  const ran = (member: string): boolean => without([window], standstills(recording, member)).some(({ startMs, endMs }) => endMs - startMs > scrapeLateMs);
  const unseen = members.filter((member) => ran(member) && seen.every((each) => each.member !== member)).map((member) => `${member} was not scraped`);
  const blind = seen.flatMap((each) => each.blind.map(({ startMs, endMs }) => `${each.member} was not scraped from ${formatDuration(startMs)} to ${formatDuration(endMs)}`));
  const allSeen = window.complete && unseen.length + blind.length === 0;
  const measured = measurers[query.measure](seen, query, allSeen);
  if ("reason" in measured) return measured;
  const started = seen.flatMap((each) => each.restartsMs.map((atMs) => `${each.member} started anew, seen at ${formatDuration(atMs)}`));
  const span = { fromMs: Math.min(...seen.map(({ span: { fromMs } }) => fromMs)), toMs: Math.max(...seen.map(({ span: { toMs } }) => toMs)) };
  return { ...span, ...measured, notes: [...unseen, ...blind, ...started] };
}

/** One member's part: its series and the scrapes that tell about the window. */
interface Seen {
  readonly member: string;
  readonly series: readonly MetricSeries[];
  readonly span: ScrapeSpan;
  readonly scrapesMs: readonly number[];
  readonly restartsMs: readonly number[];
  /** When it ran, but could not be scraped. */
  readonly blind: readonly Stretch[];
}

function seenOf(recording: Recording, member: string, name: string, query: MetricQuery, window: SeenWindow): Seen[] {
  const scrapes = recording.metrics.scrapes(member);
  const span = scrapeSpan(scrapes, window, scrapeLateMs);
  if (span === undefined) return [];
  const scrapesMs = scrapes.filter(({ ok, atMs }) => ok && atMs >= span.fromMs && atMs <= span.toMs).map(({ atMs }) => atMs);
  const spots = blindSpots(scrapesMs, window, scrapeLateMs);
  // For the last value it is only the end of the window that has to be seen: a member that does not run then has none.
  const blind = query.measure === "last" ? spots.filter(({ endMs }) => endMs >= window.endMs) : without(spots, standstills(recording, member));
  return [
    {
      member,
      series: recording.metrics.series(name, member).filter((series) => hasLabels(series.labels, query.labels)),
      span,
      scrapesMs,
      restartsMs: restarts(recording.metrics, member).filter((atMs) => atMs > span.fromMs && atMs <= span.toMs),
      blind: blind.filter(({ startMs, endMs }) => endMs - startMs > scrapeLateMs),
    },
  ];
}

type Result = Pick<Measured, "value" | "certainty"> & Partial<Pick<Measured, "quantile" | "fromMs" | "toMs">>;
type Measurer = (seen: readonly Seen[], query: MetricQuery, allSeen: boolean) => Result | Unmeasured;

const measurers: Readonly<Record<Measure, Measurer>> = {
  increase: (seen, _, allSeen) => ({ value: grown(seen), certainty: ifSeen(allSeen && !anew(seen), { notLess: true, notMore: false }) }),
  rate: (seen, _, allSeen) => {
    const perSecond = seen.map((each) => ({ each, seconds: (each.span.toMs - each.span.fromMs) / 1_000 }));
    if (perSecond.some(({ seconds }) => seconds <= 0)) return { reason: "a rate needs two successful scrapes" };
    return { value: sum(perSecond.map(({ each, seconds }) => grown([each]) / seconds)), certainty: allSeen && anew(seen) ? { notLess: true, notMore: false } : ifSeen(allSeen, uncertain) };
  },
  delta: (seen, query, allSeen) => {
    const ends = seen.map(({ series, span }) => ({ first: total(series, span.fromMs), last: total(series, span.toMs) }));
    if (ends.some(({ first, last }) => first === undefined || last === undefined)) return absent(query);
    return { value: sum(ends.map(({ first = 0, last = 0 }) => last - first)), certainty: ifSeen(allSeen, uncertain) };
  },
  last: (seen, query, allSeen) => {
    const values = seen.map(({ series, span }) => total(series, span.toMs));
    if (values.some((value) => value === undefined)) return absent(query);
    return { value: sum(values.map((value = 0) => value)), certainty: ifSeen(allSeen, uncertain) };
  },
  min: (seen, query, allSeen) => extreme(seen, query, (value, other) => value < other, ifSeen(allSeen, { notLess: false, notMore: true })),
  max: (seen, query, allSeen) => extreme(seen, query, (value, other) => value > other, ifSeen(allSeen, { notLess: true, notMore: false })),
  avg: (seen, query, allSeen) => {
    const means = seen.flatMap((each) => mean(scrapedTotals(each)) ?? []);
    return means.length < seen.length ? absent(query) : { value: sum(means), certainty: ifSeen(allSeen, uncertain) };
  },
  quantile: (seen, { quantile: q }, allSeen) => {
    const quantile = histogramQuantile(mergeBuckets(seen.flatMap(bucketIncreases)), q);
    if (quantile === undefined) return { reason: "the histogram counted nothing in this time" };
    const certainty = allSeen ? (quantile.isLowerBound ? { notLess: true, notMore: false } : certain) : uncertain;
    return { value: quantile.value, certainty, quantile };
  },
};

/** What a process counted between its last scrape and its end is lost. */
function anew(seen: readonly Seen[]): boolean {
  return seen.some(({ restartsMs }) => restartsMs.length > 0);
}

function grown(seen: readonly Seen[]): number {
  return sum(seen.flatMap(({ series, span, restartsMs }) => series.map((each) => increase(each, span, restartsMs))));
}

function bucketIncreases({ series, span, restartsMs }: Seen): Bucket[] {
  return series.flatMap((each) => {
    const le = bucketBound(each.labels.le);
    return le === undefined ? [] : [{ le, count: increase(each, span, restartsMs) }];
  });
}

/** The scrape in the window, not the one before it, with the most extreme sum of the series. */
function extreme(seen: readonly Seen[], query: MetricQuery, beats: (value: number, other: number) => boolean, certainty: Certainty): Result | Unmeasured {
  let found: Result | undefined;
  for (const { series, scrapesMs, span } of seen) {
    for (const atMs of scrapesMs.slice(-span.scrapes)) {
      const value = total(series, atMs);
      if (value !== undefined && (found === undefined || beats(value, found.value))) found = { value, certainty, fromMs: atMs, toMs: atMs };
    }
  }
  return found ?? absent(query);
}

/** The sums of the series at the scrapes in the window, without the one before it. */
function scrapedTotals({ series, scrapesMs, span }: Seen): number[] {
  return scrapesMs.slice(-span.scrapes).flatMap((atMs) => total(series, atMs) ?? []);
}

function mean(values: readonly number[]): number | undefined {
  return values.length === 0 ? undefined : sum(values) / values.length;
}

/** The sum of the series at a successful scrape; undefined where it had none of them. */
function total(series: readonly MetricSeries[], atMs: number): number | undefined {
  const values = series.map((each) => valueAt(each, atMs)).filter((value) => value !== undefined);
  return values.length === 0 ? undefined : sum(values);
}

function sum(values: readonly number[]): number {
  return values.reduce((all, value) => all + value, 0);
}

function absent(query: MetricQuery): Unmeasured {
  return { reason: `there was no ${seriesText(query)} in this time` };
}

function seriesText({ name, labels }: MetricQuery): string {
  return `${name}${labelsText(labels)}`;
}

/** Whether the name is wrong, or a counter with labels has not counted anything yet, cannot be told. */
function neverSeen({ names }: MetricStore, name: string): string {
  if (names.length === 0) return "no scrape of any member was successful";
  return `no member ever had a metric ${name}; the nearest name is ${closest(name, [...names])}`;
}
