import type { Evidence } from "../../../assertions/verdict.ts";
import { longestOutage, unavailability, type Outage } from "../../analysis/availability.ts";
import { faultWindows, type FaultWindow } from "../../analysis/fault-windows.ts";
import { latencyBins } from "../../analysis/latency.ts";
import { leaderships, roleLanes, type Leadership, type RoleLane } from "../../analysis/leadership.ts";
import { missedIn, missedRequests, type Missed } from "../../analysis/missed.ts";
import { throughput, type ThroughputBin } from "../../analysis/throughput.ts";
import { runWindow, type TimeWindow } from "../../analysis/windows.ts";
import type { JudgedAssumption, Results } from "../../judge/results.ts";
import type { MemberEvent } from "../../recording/events.ts";
import type { PhaseWindow, Recording } from "../../recording/recording.ts";
import { worstFirst } from "../outcome-words.ts";
import { evidenceMaxEach, linkEvidence, type NumberedAssertion } from "./evidence.ts";
import { fsyncSeries } from "./fsync-series.ts";
import type { Limits } from "./limits.ts";
import { logRows, type LogRows } from "./log-rows.ts";
import { clientErrors, memberShares, phaseFigures, type ClientError, type MemberShare, type PhaseFigures } from "./phase-figures.ts";
import { tellStory, type Story, type StoryEntry } from "./story.ts";
import { binWidthMs } from "./timeline/bin-width.ts";
import type { FsyncSeries } from "./timeline/fsync-lane.tsx";
import type { LatencyPoint } from "./timeline/latency-lane.tsx";

/** Everything the page shows, worked out once; the components only draw it. Every list in it is bounded. */
export interface ReportView {
  readonly limits: Limits;
  readonly recording: Recording;
  readonly results: Results;
  readonly scenarioText: string;
  readonly planText: string;
  readonly run: TimeWindow;
  readonly binMs: number;
  readonly phases: readonly PhaseWindow[];
  readonly faults: readonly FaultWindow[];
  /** Those that there is room for in the drawing. */
  readonly faultsDrawn: readonly FaultWindow[];
  readonly leaderships: readonly Leadership[];
  readonly roles: readonly RoleLane[];
  readonly rolesLeft: number;
  readonly memberEvents: readonly MemberEvent[];
  /** Stretches without an acknowledged write that are long enough to be listed. */
  readonly outages: readonly Outage[];
  /** How many there are of those, shown or not. */
  readonly outagesTotal: number;
  readonly outageMinMs: number;
  readonly longestOutage: Outage | undefined;
  readonly writesAttempted: number;
  readonly totals: { readonly ok: number; readonly fail: number; readonly info: number; readonly missed: number };
  readonly throughput: readonly ThroughputBin[];
  readonly writeBins: readonly ThroughputBin[];
  readonly latency: readonly LatencyPoint[];
  readonly fsync: readonly FsyncSeries[];
  readonly story: Story;
  readonly assertions: readonly NumberedAssertion[];
  /** Of the assertions above those that a history breaks, as many as there is room for. */
  readonly counterexamples: readonly NumberedAssertion[];
  readonly assumptionsShown: readonly JudgedAssumption[];
  readonly figures: readonly PhaseFigures[];
  readonly memberShares: readonly MemberShare[];
  /** Requests that were due in a phase and never sent; phases without any are left out. */
  readonly missedByPhase: readonly { readonly phase: PhaseWindow; readonly missed: number }[];
  readonly errors: readonly ClientError[];
  readonly logs: LogRows;
}

/** Shorter stretches without an acknowledged write are usual between two writes of a slow load. */
const outageMinMs = 250;

/** Works out the page from a recording and its results. */
export function viewOf(recording: Recording, results: Results, scenarioText: string, planText: string, limits: Limits): ReportView {
  const run = runWindow(recording);
  const binMs = binWidthMs(run.endMs - run.startMs);
  const bins = { startMs: run.startMs, endMs: run.endMs, binMs };
  const writes = recording.operations.filter(({ op }) => op === "put");
  const missed = missedRequests(recording.events);
  const faults = faultWindows(recording);
  const leaders = leaderships(recording);
  const allOutages = unavailability(recording.operations, run);
  const listed = allOutages.filter(lasting(outageMinMs));
  const outages = longest(listed, limits.drawn);
  const story = tellStory(recording, faults, leaders, outages, limits.storyEntries);
  const sorted = worstFirst(results.assertions, ({ verdict }) => verdict.outcome).slice(0, limits.assertions);
  const logs = logRows(recording, logEvidence(sorted), story.entries.filter(nearLogs(run)).map(({ atMs }) => atMs), limits);
  const lanes = roleLanes(recording).map(({ member, stretches }) => ({ member, stretches: stretches.filter(({ endMs }) => endMs > run.startMs) }));
  const roles = lanes.map(({ member, stretches }) => ({ member, stretches: longest(stretches, limits.drawn) }));
  const phases = recording.phases.slice(0, limits.phases);
  const assertions = linkEvidence(sorted, story.entries, logs.rows, limits);
  return {
    limits,
    recording,
    results,
    scenarioText,
    planText,
    run,
    binMs,
    phases,
    faults,
    faultsDrawn: faults.slice(0, limits.faults),
    leaderships: leaders,
    roles,
    rolesLeft: total(lanes) - total(roles),
    memberEvents: memberEventsIn(recording, run).slice(0, limits.drawn),
    outages,
    outagesTotal: listed.length,
    outageMinMs,
    longestOutage: longestOutage(allOutages),
    writesAttempted: writes.length,
    totals: totalsOf(recording.operations, missed),
    throughput: throughput(recording.operations, bins),
    writeBins: throughput(writes, bins),
    latency: latencyPoints(recording, bins),
    fsync: fsyncSeries(recording, run, binMs),
    story,
    assertions,
    counterexamples: assertions.filter(({ assertion }) => assertion.verdict.counterexample !== undefined).slice(0, limits.counterexamples),
    assumptionsShown: worstFirst(results.assumptions, ({ outcome }) => outcome).slice(0, limits.faults),
    figures: phaseFigures(phases, recording.operations, allOutages),
    memberShares: memberShares(phases, recording.operations, missed),
    missedByPhase: phases.map((phase) => ({ phase, missed: missedIn(missed, phase) })).filter(({ missed: never }) => never > 0),
    errors: clientErrors(recording.operations),
    logs,
  };
}

interface Stretch {
  readonly startMs: number;
  readonly endMs: number;
}

/** The longest, in order of time. */
function longest<Each extends Stretch>(stretches: readonly Each[], most: number): Each[] {
  return [...stretches]
    .sort((a, b) => b.endMs - b.startMs - (a.endMs - a.startMs))
    .slice(0, most)
    .sort((a, b) => a.startMs - b.startMs);
}

function lasting(leastMs: number) {
  return ({ startMs, endMs }: Stretch) => endMs - startMs >= leastMs;
}

function total(lanes: readonly RoleLane[]): number {
  return lanes.reduce((sum, { stretches }) => sum + stretches.length, 0);
}

function memberEventsIn({ events }: Recording, { startMs, endMs }: Stretch): MemberEvent[] {
  return events.filter((event) => event.type === "member").filter(({ atMs }) => atMs >= startMs && atMs <= endMs);
}

function totalsOf(operations: Recording["operations"], missed: readonly Missed[]) {
  const totals = { ok: 0, fail: 0, info: 0, missed: missed.reduce((sum, { count }) => sum + count, 0) };
  for (const { outcome } of operations) totals[outcome] += 1;
  return totals;
}

function latencyPoints(recording: Recording, bins: { startMs: number; endMs: number; binMs: number }): LatencyPoint[] {
  return latencyBins(recording.operations, { ...bins, quantiles: [0.5, 0.99, 1] }).map(({ startMs, quantilesMs: [p50, p99, max] }) => ({
    atMs: startMs + bins.binMs / 2,
    p50,
    p99,
    max,
  }));
}

/** Log lines that verdicts rest on. */
function logEvidence(assertions: Results["assertions"]): Evidence[] {
  return assertions.flatMap(({ verdict }) => verdict.evidence.filter(({ kind }) => kind === "log").slice(0, evidenceMaxEach));
}

/** Entries of the story around which lines are worth reading; while members start, they write very much. */
function nearLogs({ startMs, endMs }: Stretch) {
  const kinds: ReadonlySet<StoryEntry["kind"]> = new Set(["fault", "leader", "outage", "member"]);
  return ({ kind, atMs }: StoryEntry) => kinds.has(kind) && atMs >= startMs && atMs <= endMs;
}
