import type { MetricSeries, MetricStore } from "../recording/metric-store.ts";
import { upQuery } from "../recording/promql.ts";

export interface Recorded {
  readonly metrics: MetricStore;
  readonly members: readonly string[];
  /** The wall clock at the run's zero. */
  readonly zeroWallMs: number;
}

/**
 * What was recorded of metrics as OpenMetrics text, with times: each series at each successful scrape of
 * its member, and `up` for all scrapes. Labels are those that a live Prometheus would have given.
 * @param names only these; all where it is undefined
 */
export function* openMetrics({ metrics, members, zeroWallMs }: Recorded, names: readonly string[] | undefined): Generator<string> {
  const at = (atMs: number): string => ((zeroWallMs + atMs) / 1_000).toFixed(3);
  for (const member of members) {
    const labels = { job: "etcd", member, instance: member };
    for (const { atMs, ok } of metrics.scrapes(member)) yield line(upQuery, labels, ok ? 1 : 0, at(atMs));
    const timesMs = metrics.scrapes(member).filter(({ ok }) => ok).map(({ atMs }) => atMs);
    for (const series of (names ?? metrics.names).flatMap((name) => metrics.series(name, member))) {
      for (const { atMs, value } of valuesAt(series, timesMs)) yield line(series.name, { ...series.labels, ...labels }, value, at(atMs));
    }
  }
  yield "# EOF\n";
}

/** Points stand where a value changed; here it is wanted at each scrape. */
function* valuesAt({ points }: MetricSeries, timesMs: readonly number[]): Generator<{ readonly atMs: number; readonly value: number }> {
  let next = 0;
  for (const atMs of timesMs) {
    while ((points[next]?.atMs ?? Infinity) <= atMs) next += 1;
    const value = points[next - 1]?.value;
    if (value !== undefined) yield { atMs, value };
  }
}

function line(name: string, labels: Readonly<Record<string, string>>, value: number, at: string): string {
  const pairs = Object.entries(labels).map(([label, text]) => `${label}="${text.replace(/["\\]/g, "\\$&").replaceAll("\n", "\\n")}"`);
  return `${name}{${pairs.join(",")}} ${value} ${at}\n`;
}
