import type { RunInfo } from "../../src/recording/run-info.ts";

/** A `run.json` as it is when the run begins. */
export const runInfo: RunInfo = {
  format: 1,
  id: "20261124T020000Z-7",
  scenario: "partition",
  seed: 7,
  replay: "npm run scenario -- test --seed 1",
  startedAt: "2026-11-24T02:00:00.000Z",
  status: "running",
  runtime: { kind: "local", because: "asked for" },
  etcd: { version: "3.5.30", source: "Debian sid etcd-server 3.5.30-1" },
  toxiproxy: { version: "2.12.0", source: "embedded" },
  flags: { "heartbeat-interval": 100 },
  members: [{ name: "etcd-1", id: "b71f75320dc06a6c" }, { name: "etcd-2", id: "ff" }],
  machine: { platform: "linux", cpus: 2, memoryBytes: 8e9, node: "v20.19.0" },
  harness: { version: "0.1.0" },
  breakdown: [],
};
