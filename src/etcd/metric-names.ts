/** Metrics of etcd that some of its series have. */
interface MetricNames {
  /** The series whose members showed them when they were scraped. */
  readonly series: readonly string[];
  /** Counters and gauges. */
  readonly plain: string;
  /** Each has a `_bucket`, a `_sum` and a `_count`. */
  readonly histograms: string;
}

/**
 * What members of etcd 3.3.25, 3.4.23, 3.5.16 and 3.5.30 showed under load, a partition, a kill, compaction and
 * defragmentation, of what is recorded: names that begin with etcd_, process_ or grpc_server_.
 */
const metricNames: readonly MetricNames[] = [
  {
    series: ["3.3", "3.4", "3.5"],
    plain: `
      etcd_cluster_version etcd_debugging_auth_revision etcd_debugging_mvcc_compact_revision etcd_debugging_mvcc_current_revision
      etcd_debugging_mvcc_db_compaction_keys_total etcd_debugging_mvcc_events_total etcd_debugging_mvcc_keys_total etcd_debugging_mvcc_pending_events_total
      etcd_debugging_mvcc_range_total etcd_debugging_mvcc_slow_watcher_total etcd_debugging_mvcc_total_put_size_in_bytes
      etcd_debugging_mvcc_watch_stream_total etcd_debugging_mvcc_watcher_total etcd_debugging_server_lease_expired_total etcd_debugging_store_expires_total
      etcd_debugging_store_reads_total etcd_debugging_store_watch_requests_total etcd_debugging_store_watchers etcd_debugging_store_writes_total
      etcd_disk_wal_write_bytes_total etcd_grpc_proxy_cache_hits_total etcd_grpc_proxy_cache_keys_total etcd_grpc_proxy_cache_misses_total
      etcd_grpc_proxy_events_coalescing_total etcd_grpc_proxy_watchers_coalescing_total etcd_mvcc_db_total_size_in_bytes
      etcd_mvcc_db_total_size_in_use_in_bytes etcd_network_client_grpc_received_bytes_total etcd_network_client_grpc_sent_bytes_total
      etcd_network_peer_received_bytes_total etcd_network_peer_sent_bytes_total etcd_network_peer_sent_failures_total etcd_server_client_requests_total
      etcd_server_go_version etcd_server_has_leader etcd_server_health_failures etcd_server_health_success etcd_server_heartbeat_send_failures_total
      etcd_server_id etcd_server_is_leader etcd_server_leader_changes_seen_total etcd_server_proposals_applied_total etcd_server_proposals_committed_total
      etcd_server_proposals_failed_total etcd_server_proposals_pending etcd_server_quota_backend_bytes etcd_server_read_indexes_failed_total
      etcd_server_slow_apply_total etcd_server_slow_read_indexes_total etcd_server_snapshot_apply_in_progress_total etcd_server_version
      grpc_server_handled_total grpc_server_msg_received_total grpc_server_msg_sent_total grpc_server_started_total process_cpu_seconds_total
      process_max_fds process_open_fds process_resident_memory_bytes process_start_time_seconds process_virtual_memory_bytes
      process_virtual_memory_max_bytes
    `,
    histograms: `
      etcd_debugging_mvcc_db_compaction_pause_duration_milliseconds etcd_debugging_mvcc_db_compaction_total_duration_milliseconds
      etcd_debugging_mvcc_index_compaction_pause_duration_milliseconds etcd_debugging_snap_save_marshalling_duration_seconds
      etcd_debugging_snap_save_total_duration_seconds etcd_disk_backend_commit_duration_seconds etcd_disk_backend_defrag_duration_seconds
      etcd_disk_backend_snapshot_duration_seconds etcd_disk_wal_fsync_duration_seconds etcd_mvcc_hash_duration_seconds etcd_mvcc_hash_rev_duration_seconds
      etcd_network_peer_round_trip_time_seconds etcd_snap_db_fsync_duration_seconds etcd_snap_db_save_total_duration_seconds
    `,
  },
  {
    series: ["3.3", "3.4"],
    plain: `
      etcd_debugging_mvcc_db_total_size_in_bytes etcd_debugging_mvcc_delete_total etcd_debugging_mvcc_put_total etcd_debugging_mvcc_txn_total
    `,
    histograms: "",
  },
  {
    series: ["3.4", "3.5"],
    plain: `
      etcd_debugging_lease_granted_total etcd_debugging_lease_renewed_total etcd_debugging_lease_revoked_total etcd_disk_defrag_inflight
      etcd_mvcc_db_open_read_transactions etcd_mvcc_delete_total etcd_mvcc_put_total etcd_mvcc_range_total etcd_mvcc_txn_total etcd_network_active_peers
      etcd_network_disconnected_peers_total etcd_server_is_learner etcd_server_learner_promote_successes
    `,
    histograms: `
      etcd_debugging_disk_backend_commit_rebalance_duration_seconds etcd_debugging_disk_backend_commit_spill_duration_seconds
      etcd_debugging_disk_backend_commit_write_duration_seconds etcd_debugging_lease_ttl_total etcd_snap_fsync_duration_seconds
    `,
  },
  {
    series: ["3.5"],
    plain: `
      etcd_debugging_mvcc_db_compaction_last process_network_receive_bytes_total process_network_transmit_bytes_total
    `,
    histograms: `
      etcd_disk_wal_write_duration_seconds etcd_server_apply_duration_seconds
    `,
  },
  // With labels, so that they are shown only once there was something to count; by etcd's source.
  {
    series: ["3.3", "3.4", "3.5"],
    plain: `
      etcd_network_peer_received_failures_total etcd_network_server_stream_failures_total etcd_network_snapshot_receive_failures
      etcd_network_snapshot_receive_inflights_total etcd_network_snapshot_receive_success etcd_network_snapshot_send_failures
      etcd_network_snapshot_send_inflights_total etcd_network_snapshot_send_success etcd_server_learner_promote_failures
    `,
    histograms: `
      etcd_network_snapshot_receive_total_duration_seconds etcd_network_snapshot_send_total_duration_seconds grpc_server_handling_seconds
    `,
  },
];

const seriesByName: ReadonlyMap<string, readonly string[]> = new Map(metricNames.flatMap(({ series, plain, histograms }) => [...wordsOf(plain), ...wordsOf(histograms).flatMap((name) => ["_bucket", "_sum", "_count"].map((part) => `${name}${part}`))].map((name) => [name, series] as const)));

function wordsOf(text: string): string[] {
  return text.trim().split(/\s+/).filter((word) => word !== "");
}

/** The series of etcd that are known to have a metric, of a histogram each part by its own name; undefined for one that none is known to have. */
export function seriesWithMetric(name: string): readonly string[] | undefined {
  return seriesByName.get(name);
}

/** Every name that is known, without the parts of histograms. */
export const knownMetrics: readonly string[] = metricNames.flatMap(({ plain, histograms }) => [...wordsOf(plain), ...wordsOf(histograms)]);
