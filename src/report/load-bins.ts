import { latencyBins, type Bins, type LatencyBin } from "../analysis/latency.ts";
import { throughput, type ThroughputBin } from "../analysis/throughput.ts";
import { runWindow } from "../analysis/windows.ts";
import type { Recording } from "../recording/recording.ts";
import { remembered } from "../remembered.ts";
import { binWidthMs } from "./html/timeline/bin-width.ts";

/** The load of a run over time, as it is drawn. */
export interface LoadBins extends Bins {
  readonly throughput: readonly ThroughputBin[];
  /** With p50, p99 and the longest. */
  readonly latency: readonly LatencyBin[];
}

/** The load over the run; both the page and the trace show it. */
export const loadBins = remembered((recording: Recording): LoadBins => {
  const { startMs, endMs } = runWindow(recording);
  const bins = { startMs, endMs, binMs: binWidthMs(endMs - startMs) };
  return { ...bins, throughput: throughput(recording.operations, bins), latency: latencyBins(recording.operations, { ...bins, quantiles: [0.5, 0.99, 1] }) };
});
