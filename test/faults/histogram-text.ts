/** A histogram as etcd writes it: counts by bound in seconds, not added up. */
export function histogramText(counts: Readonly<Record<string, number>>, sumS: number, metric = "etcd_disk_wal_fsync_duration_seconds"): string {
  let total = 0;
  const lines = Object.entries(counts).map(([le, count]) => `${metric}_bucket{le="${le}"} ${(total += count)}`);
  return [`# TYPE ${metric} histogram`, ...lines, `${metric}_sum ${sumS}`, `${metric}_count ${total}`, ""].join("\n");
}
