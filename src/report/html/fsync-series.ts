import { increase, restarts, scrapeSpan } from "../../analysis/counters.ts";
import { bucketBound, histogramQuantile } from "../../analysis/histogram.ts";
import type { TimeWindow } from "../../analysis/windows.ts";
import type { Recording } from "../../recording/recording.ts";
import type { FsyncSeries } from "./timeline/fsync-lane.tsx";

const histogram = "etcd_disk_wal_fsync_duration_seconds_bucket";
const membersMax = 7;
/** A scrape that is older says nothing about the beginning of a bin. */
const freshMs = 1_000;

/** WAL fsync p99 of each member in bins of a second or more; members without the histogram are left out. */
export function fsyncSeries({ info, metrics }: Recording, run: TimeWindow, binMs: number): FsyncSeries[] {
  const widthMs = Math.max(binMs, 1_000);
  const starts = Array.from({ length: Math.ceil((run.endMs - run.startMs) / widthMs) }, (_, index) => run.startMs + index * widthMs);
  return info.members.slice(0, membersMax).flatMap(({ name: member }): FsyncSeries[] => {
    const buckets = metrics.series(histogram, member);
    if (buckets.length === 0) return [];
    const scrapes = metrics.scrapes(member);
    const restartsMs = restarts(metrics, member);
    const points = starts.map((startMs) => {
      const span = scrapeSpan(scrapes, { startMs, endMs: Math.min(startMs + widthMs, run.endMs) }, freshMs);
      const counts = buckets.flatMap((series) => {
        const le = bucketBound(series.labels["le"]);
        return le === undefined || span === undefined ? [] : [{ le, count: increase(series, span, restartsMs) }];
      });
      const p99 = histogramQuantile(counts, 0.99);
      return { atMs: startMs + widthMs / 2, p99Ms: p99 === undefined ? undefined : p99.value * 1_000 };
    });
    return points.some(({ p99Ms }) => p99Ms !== undefined) ? [{ member, points }] : [];
  });
}
