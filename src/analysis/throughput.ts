import type { Operation } from "../recording/operation.ts";
import { binCount, binIndex, type Bins } from "./latency.ts";

export interface ThroughputBin {
  readonly startMs: number;
  /** Operations that returned in this bin, by outcome. */
  readonly ok: number;
  readonly fail: number;
  readonly info: number;
  /** Operations that were meant to start in it. */
  readonly attempted: number;
}

/** Operations over time. What returns or starts outside of the bins is not counted. */
export function throughput(operations: readonly Operation[], bins: Bins): ThroughputBin[] {
  const counts = Array.from({ length: binCount(bins) }, (_, index) => ({ startMs: bins.startMs + index * bins.binMs, ok: 0, fail: 0, info: 0, attempted: 0 }));
  for (const { intendedNs, returnNs, outcome } of operations) {
    const started = counts[binIndex(bins, intendedNs / 1e6)];
    if (started !== undefined) started.attempted += 1;
    const returned = counts[binIndex(bins, returnNs / 1e6)];
    if (returned !== undefined) returned[outcome] += 1;
  }
  return counts;
}
