import { ValueType, type Attributes } from "@opentelemetry/api";
import { AggregationTemporality, DataPointType, type DataPoint, type Histogram, type MetricData, type ResourceMetrics } from "@opentelemetry/sdk-metrics";
import { bisectLeft, group } from "d3-array";
import { leaderships } from "../analysis/leadership.ts";
import { missedRequests } from "../analysis/missed.ts";
import { runWindow } from "../analysis/windows.ts";
import { latencyMs, type Operation } from "../recording/operation.ts";
import { hrTime, scope, type ExportedRun } from "./exported-run.ts";

/** In seconds. */
const latencyBounds = [0.001, 0.002, 0.005, 0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1, 2, 5, 10];
const outcomes = ["pass", "fail", "inconclusive"] as const;
/** What may or may not have happened is told in the word that people use for it. */
const outcomeWords = { ok: "ok", fail: "fail", info: "unknown" } as const;

/** The run in figures, as they were at its end. Pure. */
export function metricsOf(run: ExportedRun): ResourceMetrics {
  const { recording, results } = run;
  const points = new Points(run);
  const operations = recording.operations.filter(({ final }) => final !== true);
  const acknowledged = operations.filter(({ outcome }) => outcome === "ok");
  const missed = group(missedRequests(recording.events), ({ member }) => member);
  const metrics: MetricData[] = [
    points.sum("etcd_chaos.operations", "{operation}", "operations of the load, by how they ended", alike(operations, ({ member, op, outcome }) => ({ member, op, outcome: outcomeWords[outcome] })).map(([labels, list]) => [labels, list.length])),
    points.histogram("etcd_chaos.operation.duration", "s", "how long acknowledged operations took, from when they were due", alike(acknowledged, ({ member, op }) => ({ member, op }))),
    points.sum("etcd_chaos.operations.missed", "{operation}", "operations that were due and never sent", [...missed].map(([member, list]) => [{ member }, list.reduce((total, { count }) => total + count, 0)])),
    points.sum("etcd_chaos.leader_changes", "{change}", "new leaders since the timeline began", [[{}, leaderChanges(run)]]),
    points.gauge("etcd_chaos.verdict", "1", "1 for the outcome of the run, 0 for the others", outcomes.map((outcome) => [{ outcome }, results.outcome === outcome ? 1 : 0])),
    points.gauge("etcd_chaos.assertions", "{assertion}", "assertions by their outcome", outcomes.map((outcome) => [{ outcome }, results.assertions.filter(({ verdict }) => verdict.outcome === outcome).length])),
  ];
  return { resource: run.resource, scopeMetrics: [{ scope, metrics: metrics.filter(({ dataPoints }) => dataPoints.length > 0) }] };
}

/** Operations with the same labels, together. */
function alike(operations: readonly Operation[], labelsOf: (operation: Operation) => Attributes): (readonly [Attributes, readonly Operation[]])[] {
  return [...group(operations, (operation) => JSON.stringify(labelsOf(operation))).values()].flatMap((list) => list.slice(0, 1).map((first) => [labelsOf(first), list] as const));
}

function leaderChanges({ recording }: ExportedRun): number {
  const { startMs } = runWindow(recording);
  return leaderships(recording).filter(({ firstSeenMs }) => firstSeenMs >= startMs).length;
}

type Pairs<Value> = readonly (readonly [Attributes, Value])[];

/** Makes points that hold from the beginning of a run to its end, each with the scenario's name. */
class Points {
  readonly #run: ExportedRun;

  constructor(run: ExportedRun) {
    this.#run = run;
  }

  sum(name: string, unit: string, description: string, values: Pairs<number>): MetricData {
    return { ...described(name, unit, description, ValueType.INT), dataPointType: DataPointType.SUM, isMonotonic: true, dataPoints: this.#points(values) };
  }

  gauge(name: string, unit: string, description: string, values: Pairs<number>): MetricData {
    return { ...described(name, unit, description, ValueType.INT), dataPointType: DataPointType.GAUGE, dataPoints: this.#points(values) };
  }

  histogram(name: string, unit: string, description: string, values: Pairs<readonly Operation[]>): MetricData {
    const histograms = values.map(([labels, operations]) => [labels, histogramOf(operations.map((operation) => latencyMs(operation) / 1e3))] as const);
    return { ...described(name, unit, description, ValueType.DOUBLE), dataPointType: DataPointType.HISTOGRAM, dataPoints: this.#points(histograms) };
  }

  #points<Value>(values: Pairs<Value>): DataPoint<Value>[] {
    const { recording } = this.#run;
    const { startMs, endMs } = runWindow(recording);
    const [startTime, endTime] = [hrTime(this.#run, startMs), hrTime(this.#run, endMs)];
    return values.map(([labels, value]) => ({ startTime, endTime, attributes: { scenario: recording.info.scenario, ...labels }, value }));
  }
}

function described(name: string, unit: string, description: string, valueType: ValueType) {
  return { descriptor: { name, unit, description, valueType }, aggregationTemporality: AggregationTemporality.CUMULATIVE };
}

function histogramOf(seconds: readonly number[]): Histogram {
  const counts = [...latencyBounds, Infinity].map(() => 0);
  let [sum, min, max] = [0, Infinity, -Infinity];
  for (const value of seconds) {
    const bucket = bisectLeft(latencyBounds, value);
    counts[bucket] = (counts[bucket] ?? 0) + 1;
    [sum, min, max] = [sum + value, Math.min(min, value), Math.max(max, value)];
  }
  return { buckets: { boundaries: latencyBounds, counts }, sum, count: seconds.length, min, max };
}
