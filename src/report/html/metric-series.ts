import { increase, lastKnown, restarts, scrapeSpan } from "../../analysis/counters.ts";
import { contains, type TimeWindow } from "../../analysis/windows.ts";
import type { MetricSeries } from "../../recording/metric-store.ts";
import type { Recording } from "../../recording/recording.ts";
import type { ChosenMetric } from "../renderer.ts";

/** One metric over time, a line for each member. */
export interface MetricLane {
  readonly metric: ChosenMetric;
  /** Members that never had it are left out; empty where none did. */
  readonly series: readonly MetricLine[];
}

export interface MetricLine {
  readonly member: string;
  /** In the middle of each bin; undefined where no scrape tells. */
  readonly points: readonly { readonly atMs: number; readonly value: number | undefined }[];
}

/** Queued proposals tell of a cluster that cannot commit, bytes to peers of links that do not carry. */
const usual: readonly ChosenMetric[] = [
  { name: "etcd_server_proposals_pending", measure: "value" },
  { name: "etcd_network_peer_sent_bytes_total", measure: "rate" },
];

const membersMax = 7;
/** A scrape that is older says nothing about the beginning of a bin. */
const freshMs = 1_000;

/** The metrics that were chosen, also such as nobody had; else the usual ones that somebody had. */
export function metricLanes(recording: Recording, chosen: readonly ChosenMetric[] | undefined, run: TimeWindow, binMs: number): MetricLane[] {
  const lanes = (chosen ?? usual).map((metric) => ({ metric, series: linesOf(recording, metric, run, Math.max(binMs, 1_000)) }));
  return chosen === undefined ? lanes.filter(({ series }) => series.length > 0) : lanes;
}

function linesOf({ info, metrics }: Recording, { name, measure }: ChosenMetric, run: TimeWindow, widthMs: number): MetricLine[] {
  const starts = Array.from({ length: Math.ceil((run.endMs - run.startMs) / widthMs) }, (_, index) => run.startMs + index * widthMs);
  return info.members.slice(0, membersMax).flatMap(({ name: member }): MetricLine[] => {
    const all = metrics.series(name, member);
    if (all.length === 0) return [];
    const valueIn = measure === "rate" ? rateIn(metrics, member, all) : highestIn(metrics, member, all);
    return [{ member, points: starts.map((startMs) => ({ atMs: startMs + widthMs / 2, value: valueIn({ startMs, endMs: Math.min(startMs + widthMs, run.endMs) }) })) }];
  });
}

type Stretch = Pick<TimeWindow, "startMs" | "endMs">;

/** The highest value that a scrape in the stretch had. */
function highestIn(metrics: Recording["metrics"], member: string, all: readonly MetricSeries[]): (stretch: Stretch) => number | undefined {
  const scrapes = metrics.scrapes(member).filter(({ ok }) => ok);
  return (stretch) => {
    const values = scrapes.filter(({ atMs }) => contains(stretch, atMs)).flatMap(({ atMs }) => {
      const known = all.flatMap((series) => lastKnown(metrics, series, atMs) ?? []);
      return known.length === 0 ? [] : [known.reduce((sum, value) => sum + value, 0)];
    });
    return values.length === 0 ? undefined : Math.max(...values);
  };
}

function rateIn(metrics: Recording["metrics"], member: string, all: readonly MetricSeries[]): (stretch: Stretch) => number | undefined {
  const [scrapes, restartsMs] = [metrics.scrapes(member), restarts(metrics, member)];
  return (stretch) => {
    const span = scrapeSpan(scrapes, stretch, freshMs);
    if (span === undefined || span.toMs <= span.fromMs) return undefined;
    return all.reduce((sum, series) => sum + increase(series, span, restartsMs), 0) / ((span.toMs - span.fromMs) / 1_000);
  };
}
