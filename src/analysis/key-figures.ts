import type { Operation } from "../recording/operation.ts";
import { latencyMs } from "../recording/operation.ts";
import type { Recording } from "../recording/recording.ts";
import { longestOutage, unavailability } from "./availability.ts";
import { baselineWindow } from "./baseline.ts";
import { faultWindows } from "./fault-windows.ts";
import { quantile } from "./latency.ts";
import { leaderships } from "./leadership.ts";
import { missedRequests } from "./missed.ts";
import { recoveryTimes, type FaultRecovery, type Took } from "./recovery-times.ts";
import { contains, runWindow, type TimeWindow } from "./windows.ts";

/** One number that says how a run went, and which way is better. A `share` is from 0 to 1. */
export interface KeyFigure {
  readonly title: string;
  readonly unit: "ms" | "share" | "count" | "per second";
  readonly better: "lower" | "higher";
}

const lowerMs = (title: string) => ({ title, unit: "ms", better: "lower" }) as const satisfies KeyFigure;

/**
 * What runs of a scenario are compared by. Latencies are those of puts that were ok, from their intended start; what
 * was not ok shows in the availability. Of several faults the slowest recovery counts.
 */
export const keyFigures = {
  "put-p50-before": lowerMs("put p50 before the fault"),
  "put-p99-before": lowerMs("put p99 before the fault"),
  "put-p50-during": lowerMs("put p50 during the fault"),
  "put-p99-during": lowerMs("put p99 during the fault"),
  "put-p50-after": lowerMs("put p50 after the fault"),
  "put-p99-after": lowerMs("put p99 after the fault"),
  availability: { title: "availability", unit: "share", better: "higher" },
  throughput: { title: "operations ok", unit: "per second", better: "higher" },
  "longest-unavailability": lowerMs("longest time without writes"),
  detected: lowerMs("fault noticed after"),
  "new-leader": lowerMs("new leader after"),
  "first-write": lowerMs("first write after the fault's effect"),
  "first-write-healed": lowerMs("first write after healing"),
  "p99-recovered": lowerMs("p99 back to twice the baseline after healing"),
  "leader-changes": { title: "leader changes", unit: "count", better: "lower" },
} as const satisfies Readonly<Record<string, KeyFigure>>;

export type FigureName = keyof typeof keyFigures;

/** The names, in the order in which they are shown. */
export const figureNames: readonly FigureName[] = ["put-p50-before", "put-p99-before", "put-p50-during", "put-p99-during", "put-p50-after", "put-p99-after", "availability", "throughput", "longest-unavailability", "detected", "new-leader", "first-write", "first-write-healed", "p99-recovered", "leader-changes"];

/** What is not known of a run, or never came, is left out. */
export type Figures = { readonly [Name in FigureName]?: number };

/** The parts of a run that its faults make: before the first, from its request to the healing of the last, and after that. */
export interface FaultSpans {
  readonly before: TimeWindow | undefined;
  readonly during: TimeWindow | undefined;
  readonly after: TimeWindow | undefined;
}

/** In a run without a fault all of it is `before`. */
export function faultSpans(recording: Recording): FaultSpans {
  const faults = faultWindows(recording);
  const before = baselineWindow(recording);
  const [first] = faults;
  if (first === undefined) return { before, during: undefined, after: undefined };
  const { endMs } = runWindow(recording);
  const overMs = Math.min(endMs, Math.max(...faults.map(({ healedMs }) => healedMs ?? endMs)));
  return { before, during: span("during", first.requestedMs, overMs), after: span("after", overMs, endMs) };
}

function span(name: string, startMs: number, endMs: number): TimeWindow | undefined {
  return startMs < endMs ? { name, startMs, endMs } : undefined;
}

/** The key figures of a run. */
export function figuresOf(recording: Recording): Figures {
  const window = runWindow(recording);
  const operations = recording.operations.filter(({ final }) => final !== true);
  const { before, during, after } = faultSpans(recording);
  const faults = recoveryTimes(recording);
  const latency = (within: TimeWindow | undefined, q: number): number | undefined => quantile(putLatenciesMs(operations, within), q);
  const { ok, due } = operationCounts(recording);
  const outages = unavailability(operations, window);
  const longest = longestOutage(outages);
  const wrote = outages.length > 0;
  const lastedMs = window.endMs - window.startMs;
  return known({
    "put-p50-before": latency(before, 0.5),
    "put-p99-before": latency(before, 0.99),
    "put-p50-during": latency(during, 0.5),
    "put-p99-during": latency(during, 0.99),
    "put-p50-after": latency(after, 0.5),
    "put-p99-after": latency(after, 0.99),
    availability: due === 0 ? undefined : ok / due,
    throughput: due === 0 || lastedMs <= 0 ? undefined : ok / (lastedMs / 1_000),
    "longest-unavailability": wrote && longest !== undefined ? longest.endMs - longest.startMs : undefined,
    detected: slowest(faults, ({ afterEffect }) => afterEffect?.detected),
    "new-leader": slowest(faults, ({ afterEffect }) => afterEffect?.newLeader),
    "first-write": slowest(faults, ({ afterEffect }) => afterEffect?.firstAckedWrite),
    "first-write-healed": slowest(faults, ({ afterHealing }) => afterHealing?.firstAckedWrite),
    "p99-recovered": slowest(faults, ({ afterHealing }) => afterHealing?.p99WithinTwiceBaseline),
    "leader-changes": recording.statuses.length === 0 ? undefined : Math.max(0, leaderships(recording).length - 1),
  });
}

/** Operations of the load by how they ended; `due` also counts those that were never sent. */
export interface OperationCounts {
  readonly ok: number;
  readonly fail: number;
  readonly info: number;
  readonly due: number;
}

/** What the load did; the reads at the end are none of it. */
export function operationCounts({ operations, events }: Pick<Recording, "operations" | "events">): OperationCounts {
  const counts = { ok: 0, fail: 0, info: 0, due: missedRequests(events).reduce((sum, { count }) => sum + count, 0) };
  for (const { outcome, final } of operations) {
    if (final === true) continue;
    counts[outcome] += 1;
    counts.due += 1;
  }
  return counts;
}

/** Latencies of the puts of a window that were ok, in ascending order. */
function putLatenciesMs(operations: readonly Operation[], window: TimeWindow | undefined): number[] {
  if (window === undefined) return [];
  return operations.flatMap((operation) => (operation.op === "put" && operation.outcome === "ok" && contains(window, operation.intendedNs / 1e6) ? [latencyMs(operation)] : [])).sort((a, b) => a - b);
}

/** Where one fault was never got over there is no slowest time. */
function slowest(faults: readonly FaultRecovery[], tookOf: (fault: FaultRecovery) => Took | undefined): number | undefined {
  const times = faults.map((fault) => tookOf(fault)?.ms);
  return times.length === 0 ? undefined : times.reduce((worst, ms) => (worst === undefined || ms === undefined ? undefined : Math.max(worst, ms)));
}

function known(values: { readonly [Name in FigureName]: number | undefined }): Figures {
  return Object.fromEntries(figureNames.flatMap((name) => {
    const value = values[name];
    return value === undefined || !Number.isFinite(value) ? [] : [[name, rounded(value)] as const];
  }));
}

/** A line of history is to stay short, and nothing is measured to more digits. */
function rounded(value: number): number {
  return Number(value.toPrecision(7));
}
