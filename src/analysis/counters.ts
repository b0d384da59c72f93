import { bisector } from "d3-array";

import type { MetricPoint, MetricSeries, MetricStore, Scrape } from "../recording/metric-store.ts";
import type { TimeWindow } from "./windows.ts";

/** The scrapes that tell about a window: the state before it, and the last state in it. */
export interface ScrapeSpan {
  readonly fromMs: number;
  readonly toMs: number;
  /** Successful scrapes in the window itself; at least one. */
  readonly scrapes: number;
}

const pointAt = bisector((point: MetricPoint) => point.atMs).right;
const scrapeAt = bisector((scrape: Scrape) => scrape.atMs).right;

/**
 * The scrapes between which a window is measured: from the last one before it, where that was
 * successful and not older than `freshMs`, else from the first successful one in it, to the last
 * successful one in it. Undefined where no scrape in the window was successful.
 */
export function scrapeSpan(scrapes: readonly Scrape[], { startMs, endMs }: Pick<TimeWindow, "startMs" | "endMs">, freshMs: number): ScrapeSpan | undefined {
  const first = scrapeAt(scrapes, startMs);
  const inside = scrapes.slice(first, scrapeAt(scrapes, endMs)).filter(({ ok }) => ok);
  const [earliest, latest] = [inside[0], inside.at(-1)];
  if (earliest === undefined || latest === undefined) return undefined;
  const before = scrapes[first - 1];
  const covered = before?.ok === true && startMs - before.atMs <= freshMs;
  return { fromMs: covered ? before.atMs : earliest.atMs, toMs: latest.atMs, scrapes: inside.length };
}

/** The value a successful scrape at this time had; undefined where it had no such series. */
export function valueAt({ points }: MetricSeries, atMs: number): number | undefined {
  return points[pointAt(points, atMs) - 1]?.value;
}

/**
 * The last known value at or before a time: undefined where the scrape before it failed, or there
 * was none, or it did not have the series.
 */
export function lastKnown(store: MetricStore, series: MetricSeries, atMs: number): number | undefined {
  const scrapes = store.scrapes(series.member);
  return scrapes[scrapeAt(scrapes, atMs) - 1]?.ok === true ? valueAt(series, atMs) : undefined;
}

/** The scrapes that were the first of a new process: the time it says it started at changed. */
export function restarts(store: MetricStore, member: string): number[] {
  return store.series("process_start_time_seconds", member).flatMap(({ points }) => {
    const known = points.filter(({ value }) => value !== undefined);
    return known.filter(({ value }, index) => index > 0 && known[index - 1]?.value !== value).map(({ atMs }) => atMs);
  });
}

/**
 * How much a counter grew from one scrape to another. A new process counts from 0, and so does a
 * counter that fell; one that was not there in the first scrape began at 0, since scrapes are whole.
 * What a process counted between its last scrape and its end is lost, so that across a restart this
 * is a lower bound.
 */
export function increase(series: MetricSeries, { fromMs, toMs }: Pick<ScrapeSpan, "fromMs" | "toMs">, restartsMs: readonly number[]): number {
  const within = (atMs: number): boolean => atMs > fromMs && atMs <= toMs;
  const startedMs = new Set(restartsMs.filter(within));
  const changes = new Set([...series.points.map(({ atMs }) => atMs).filter(within), ...startedMs]);
  let grown = 0;
  let before = valueAt(series, fromMs) ?? 0;
  for (const atMs of [...changes].sort((a, b) => a - b)) {
    const now = valueAt(series, atMs) ?? 0;
    grown += startedMs.has(atMs) || now < before ? now : now - before;
    before = now;
  }
  return grown;
}
