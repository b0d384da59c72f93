/** Of all that members show at /metrics those are recorded whose names begin so. */
export const recordedPrefixes = ["etcd_", "process_", "grpc_server_"] as const;
