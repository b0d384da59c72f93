import { recording, type RecordingBuilder } from "../../recordings/builder.ts";

export const counter = "etcd_server_proposals_failed_total";
export const gauge = "etcd_server_proposals_pending";
export const histogram = "etcd_disk_wal_fsync_duration_seconds";

/** Two members; baseline 0 to 4 s, isolated to 8 s, recovery to 10 s. */
export const phases = (): RecordingBuilder => recording({ members: 2 }).phase("baseline", 0, 4_000).phase("isolated", 4_000, 8_000).phase("recovery", 8_000, 10_000);

/** What a member has at a time, or undefined where its scrape fails. */
export type Values = (atMs: number) => Readonly<Record<string, number>> | undefined;

/** Both members scraped every 250 ms from 0 to 10 s. */
export function scraped(first: Values, second: Values = first, run: RecordingBuilder = phases()): RecordingBuilder {
  for (let atMs = 0; atMs <= 10_000; atMs += 250) {
    run.metrics("etcd-1", atMs, first(atMs) ?? { failed: "connection refused" });
    run.metrics("etcd-2", atMs, second(atMs) ?? { failed: "connection refused" });
  }
  return run;
}

/** A gauge and a counter of the same value. */
export function having(value: (atMs: number) => number, startedAt: (atMs: number) => number = () => 1): Values {
  return (atMs) => ({ process_start_time_seconds: startedAt(atMs), [gauge]: value(atMs), [counter]: value(atMs) });
}

/** The values but for a time in which scrapes fail. */
export function lost(fromMs: number, toMs: number, values: Values): Values {
  return (atMs) => (atMs >= fromMs && atMs <= toMs ? undefined : values(atMs));
}

/** etcd-1 leads until 5 s, etcd-2 from then on; both say so every 100 ms. */
export function led(run: RecordingBuilder): RecordingBuilder {
  return run.statuses(-500, 5_000, { leader: "etcd-1", term: 2 }).statuses(5_000, 10_100, { leader: "etcd-2", term: 3 });
}

/** etcd-1 is healthy throughout, etcd-2 but for isolated; asked every 250 ms, with a quorum and without. */
export function healthy(run: RecordingBuilder): RecordingBuilder {
  for (let atMs = 100; atMs < 10_000; atMs += 250) {
    for (const serializable of [false, true]) run.health("etcd-1", atMs, true, { serializable }).health("etcd-2", atMs, atMs < 4_000 || atMs >= 8_000, { serializable });
  }
  return run;
}
