import type { FaultEvent } from "../../src/recording/events.ts";
import type { WorkloadStats } from "../../src/workloads/stats.ts";

/** A step in the life of a partition of etcd-2. */
export function cut(state: FaultEvent["state"], { atMs = 4_000, fault = "isolated/1-partition" } = {}): FaultEvent {
  const base = { type: "fault", atMs, fault, kind: "partition" } as const;
  const proofs = [{ source: "peer bytes", text: "no byte received", holds: state === "effective" || state === "healed" }];
  switch (state) {
    case "requested":
      return { ...base, state, phase: "isolated", title: "partition leader, blocking", targets: ["etcd-2"], because: "etcd-2 is the leader at term 3" };
    case "healing":
      return { ...base, state };
    case "failed":
      return { ...base, state, error: "the proxy did not answer" };
    default:
      return { ...base, state, proofs };
  }
}

/** Statistics of a quarter second; what is left out has a usual value. */
export function stats(some: Partial<WorkloadStats> = {}): WorkloadStats {
  return { ok: 5, fail: 0, info: 0, missed: 0, missedAt: [], p50Ms: 1.2, p99Ms: 4.5, opsInFlight: 1, behindMs: 0, ...some };
}
