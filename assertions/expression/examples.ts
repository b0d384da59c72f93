/** Expressions with what they ask for, for those who look for the form of one. */
export const examples: readonly (readonly [text: string, meaning: string])[] = [
  ["increase(etcd_server_leader_changes_seen_total) >= 1 within 5s of isolated on any", "a counter of some member grows in the phase's first five seconds"],
  ["p99(etcd_disk_wal_fsync_duration_seconds) < 100ms during baseline", "a quantile of a histogram, on each member"],
  ['sum(rate(etcd_network_peer_sent_bytes_total{To="8211f1d0f64f3269"})) > 0 during isolated after 2s', "all members added up, series chosen by a label, without the phase's beginning"],
  ["value(etcd_server_is_learner) == 0 at end of recovery", "a gauge at a moment"],
  ["max(etcd_server_proposals_pending) < 100 during baseline..isolated on leader", "the largest value on whoever led, over two phases"],
  ["avg(put) < 20ms before isolated", "a mean latency of what clients did, up to a phase"],
  ["availability(any) >= 99% during recovery", "the share of operations that ended ok"],
  ["unavailability(put) <= 5s during isolated", "the longest time without an acknowledged write"],
  ["count(put, outcome=info) == 0 after 2s", "operations by how they ended"],
  ["count(log /elected leader/) >= 1 during isolated on unfaulted", "lines of logs, on each member that no fault hit"],
  ["leader-changes == 0 during baseline", "new leaders"],
  ["p99(put) during recovery <= 2 * p99(put) during baseline", "one phase compared with another"],
  ["eventually rate(ops) >= 90% * rate(ops) during baseline within 10s of recovery", "in one second at least of the first ten"],
  ["always value(etcd_server_has_leader) == 1 for 5s during recovery", "for five seconds on end, somewhere in the phase"],
  ["never value(etcd_mvcc_db_total_size_in_bytes) > 500000000", "in no scrape of any member"],
];
