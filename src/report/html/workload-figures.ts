import { quantile } from "../../analysis/latency.ts";
import { latencyMs } from "../../recording/operation.ts";
import type { Recording } from "../../recording/recording.ts";

/** Operations of one of several workloads. Latencies are those of the ok ones. */
export interface WorkloadFigures {
  readonly kind: string;
  readonly clients: number;
  readonly ok: number;
  readonly fail: number;
  readonly info: number;
  readonly p50Ms: number | undefined;
  readonly p99Ms: number | undefined;
}

/** Figures of each workload where there were several, told apart by their clients; the reads at the end are nobody's. */
export function workloadFigures({ info: { workloads = [] }, operations }: Pick<Recording, "info" | "operations">): WorkloadFigures[] {
  if (workloads.length < 2) return [];
  const tallies = workloads.map((workload) => ({ ...workload, ok: 0, fail: 0, info: 0, latenciesMs: new Array<number>() }));
  for (const operation of operations) {
    const tally = tallies.find(({ firstClient, clients }) => operation.client >= firstClient && operation.client < firstClient + clients);
    if (tally === undefined || operation.final === true) continue;
    tally[operation.outcome] += 1;
    if (operation.outcome === "ok") tally.latenciesMs.push(latencyMs(operation));
  }
  return tallies.map(({ kind, clients, ok, fail, info, latenciesMs }) => {
    const sorted = latenciesMs.sort((a, b) => a - b);
    return { kind, clients, ok, fail, info, p50Ms: quantile(sorted, 0.5), p99Ms: quantile(sorted, 0.99) };
  });
}
