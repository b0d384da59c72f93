import type { SyncedFile } from "../cluster/disk/rule.ts";
import type { Member } from "../cluster/member.ts";
import { metricsPage } from "./metrics-page.ts";

/** How long a member's syncs took by its own account, in ms: what a histogram of etcd's holds. */
export interface Durations {
  readonly count: number;
  readonly sumMs: number;
  /** How many took at most so long, by rising bounds. */
  readonly buckets: readonly { readonly leMs: number; readonly count: number }[];
}

/** A commit of the database syncs twice, and is measured as a whole. */
const histograms: Readonly<Record<SyncedFile, string>> = {
  wal: "etcd_disk_wal_fsync_duration_seconds",
  db: "etcd_disk_backend_commit_duration_seconds",
};

/** What etcd measures of each file, for people. */
export const measured: Readonly<Record<SyncedFile, string>> = { wal: "WAL syncs", db: "database commits" };

/** What the member has measured since its process began; undefined when it does not say. */
export async function readDurations(member: Member, file: SyncedFile, limitMs = 1_000): Promise<Durations | undefined> {
  const text = await metricsPage(member, { limitMs });
  return text === undefined ? undefined : parseDurations(text, histograms[file]);
}

/** Reads one histogram of a page of metrics; undefined when it is not there. */
export function parseDurations(text: string, name: string): Durations | undefined {
  const value = (suffix: string): number => Number(new RegExp(`^${name}_${suffix} (\\S+)$`, "m").exec(text)?.[1] ?? NaN);
  const [count, sumS] = [value("count"), value("sum")];
  if (Number.isNaN(count) || Number.isNaN(sumS)) return undefined;
  const lines = text.matchAll(new RegExp(`^${name}_bucket\\{le="([^"]+)"\\} (\\S+)$`, "gm"));
  const buckets = [...lines].map(([, le = "", within = ""]) => ({ leMs: le === "+Inf" ? Infinity : Number(le) * 1_000, count: Number(within) }));
  return { count, sumMs: sumS * 1_000, buckets: buckets.sort((a, b) => a.leMs - b.leMs) };
}

/** What was measured since an earlier reading; a process that began meanwhile has measured all of it since. */
export function since(now: Durations, before: Durations): Durations {
  if (now.count < before.count) return now;
  const earlier = new Map(before.buckets.map(({ leMs, count }) => [leMs, count]));
  return {
    count: now.count - before.count,
    sumMs: now.sumMs - before.sumMs,
    buckets: now.buckets.map(({ leMs, count }) => ({ leMs, count: count - (earlier.get(leMs) ?? 0) })),
  };
}

/** How many took longer than the highest bound that is not above `limitMs`: longer for certain where the limit is no bound itself. */
export function slowerThan({ buckets, count }: Durations, limitMs: number): number {
  return count - (buckets.findLast(({ leMs }) => leMs <= limitMs)?.count ?? 0);
}

/** The bucket that a quantile falls in; undefined where nothing was measured. */
export function quantileBucket({ buckets, count }: Durations, quantile: number): { readonly aboveMs: number; readonly upToMs: number } | undefined {
  const index = count === 0 ? -1 : buckets.findIndex((bucket) => bucket.count >= quantile * count);
  const bucket = buckets[index];
  return bucket && { aboveMs: buckets[index - 1]?.leMs ?? 0, upToMs: bucket.leMs };
}

/** `5 WAL syncs, p99 between 128 ms and 256 ms` */
export function describeDurations(durations: Durations, file: SyncedFile): string {
  const bucket = quantileBucket(durations, 0.99);
  if (bucket === undefined) return `no ${measured[file]}`;
  // Bounds are powers of two of a millisecond, which a binary fraction of a second is a hair off.
  const ms = (bound: number): string => `${Math.round(bound)} ms`;
  const range = bucket.upToMs === Infinity ? `above ${ms(bucket.aboveMs)}` : `between ${ms(bucket.aboveMs)} and ${ms(bucket.upToMs)}`;
  return `${durations.count} ${measured[file]}, p99 ${range}`;
}
