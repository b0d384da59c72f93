import { isWrite, longestOutage, unavailability, type Outage } from "../../analysis/availability.ts";
import { faultWindows, type FaultWindow } from "../../analysis/fault-windows.ts";
import { latencyHeat, type HeatCell } from "../../analysis/latency-heat.ts";
import { leaderships, roleLanes, type Leadership, type RoleLane } from "../../analysis/leadership.ts";
import { missedIn, missedRequests } from "../../analysis/missed.ts";
import { recoveryTimes } from "../../analysis/recovery-times.ts";
import { throughput, type ThroughputBin } from "../../analysis/throughput.ts";
import { runWindow, type TimeWindow } from "../../analysis/windows.ts";
import type { PhaseWindow, Recording } from "../../recording/recording.ts";
import { loadBins, type LoadBins } from "../load-bins.ts";
import type { ChosenMetric } from "../renderer.ts";
import { faultFigures, type FaultFigures } from "./fault-figures.ts";
import { usualLimits } from "./limits.ts";
import { fsyncSeries } from "./fsync-series.ts";
import { metricLanes, type MetricLane } from "./metric-series.ts";
import { clientErrors, memberShares, phaseFigures, type ClientError, type MemberShare, type PhaseFigures } from "./phase-figures.ts";
import type { FsyncSeries } from "./timeline/fsync-lane.tsx";
import type { LatencyPoint } from "./timeline/latency-lane.tsx";
import { workloadFigures, type WorkloadFigures } from "./workload-figures.ts";

/** What follows from a recording alone, worked out once however much of it a page has room for. */
export interface Seen {
  readonly recording: Recording;
  readonly run: TimeWindow;
  readonly binMs: number;
  readonly faults: readonly FaultWindow[];
  readonly faultFigures: readonly FaultFigures[];
  readonly leaderships: readonly Leadership[];
  readonly roles: readonly RoleLane[];
  readonly outages: readonly Outage[];
  readonly longestOutage: Outage | undefined;
  readonly writesAttempted: number;
  readonly totals: { readonly ok: number; readonly fail: number; readonly info: number; readonly missed: number };
  readonly throughput: readonly ThroughputBin[];
  readonly writeBins: readonly ThroughputBin[];
  readonly latency: readonly LatencyPoint[];
  readonly heat: readonly HeatCell[];
  readonly fsync: readonly FsyncSeries[];
  readonly metrics: readonly MetricLane[];
  readonly figures: readonly PhaseFigures[];
  readonly memberShares: readonly MemberShare[];
  /** Where there were several. */
  readonly workloads: readonly WorkloadFigures[];
  /** Requests that were due in a phase and never sent; phases without any are left out. */
  readonly missedByPhase: readonly { readonly phase: PhaseWindow; readonly missed: number }[];
  readonly errors: readonly ClientError[];
}

/** @param phases those of which there are to be figures @param metrics those to be drawn; the usual ones when not given */
export function observe(recording: Recording, phases: readonly PhaseWindow[], metrics: readonly ChosenMetric[] | undefined): Seen {
  const { operations, events } = recording;
  const run = runWindow(recording);
  const load = loadBins(recording);
  const { binMs } = load;
  const writes = operations.filter(isWrite);
  const missed = missedRequests(events);
  const outages = unavailability(operations, run);
  return {
    recording,
    run,
    binMs,
    faults: faultWindows(recording),
    faultFigures: faultFigures(operations, recoveryTimes(recording), run, usualLimits.faults),
    leaderships: leaderships(recording),
    roles: roleLanes(recording).map(({ member, stretches }) => ({ member, stretches: stretches.filter(({ endMs }) => endMs > run.startMs) })),
    outages,
    longestOutage: longestOutage(outages),
    writesAttempted: writes.length,
    totals: { ...outcomesOf(operations), missed: missed.reduce((sum, { count }) => sum + count, 0) },
    throughput: load.throughput,
    writeBins: throughput(writes, load),
    latency: latencyPoints(load),
    heat: latencyHeat(operations, load),
    fsync: fsyncSeries(recording, run, binMs),
    metrics: metricLanes(recording, metrics, run, binMs),
    figures: phaseFigures(phases, operations, outages),
    memberShares: memberShares(phases, operations, missed),
    workloads: workloadFigures(recording, phases),
    missedByPhase: phases.map((phase) => ({ phase, missed: missedIn(missed, phase) })).filter(({ missed: never }) => never > 0),
    errors: clientErrors(operations),
  };
}

function outcomesOf(operations: Recording["operations"]): { readonly ok: number; readonly fail: number; readonly info: number } {
  const totals = { ok: 0, fail: 0, info: 0 };
  for (const { outcome } of operations) totals[outcome] += 1;
  return totals;
}

function latencyPoints({ latency, binMs }: LoadBins): LatencyPoint[] {
  return latency.map(({ startMs, quantilesMs: [p50, p99, max] }) => ({ atMs: startMs + binMs / 2, p50, p99, max }));
}
