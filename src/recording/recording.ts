import type { RunEvent } from "./events.ts";
import type { LogLine } from "./log-line.ts";
import type { MetricStore } from "./metric-store.ts";
import type { Operation } from "./operation.ts";
import type { PromqlAnswer } from "./promql.ts";
import type { RunInfo } from "./run-info.ts";
import type { MachineSample } from "./machine.ts";
import type { HashSample, HealthSample, StatusSample } from "./samples.ts";
import type { Telemetry } from "./telemetry.ts";
import type { WatchResponse } from "./watch.ts";

/** A phase as it really ran; `endMs` is when it was cut short in an interrupted run. */
export interface PhaseWindow {
  readonly name: string;
  readonly startMs: number;
  readonly endMs: number;
}

/**
 * Everything a run's folder holds, read back. Lists are in order of time. Assertions and
 * reports are functions of it alone; they never touch a cluster.
 */
export interface Recording {
  readonly info: RunInfo;
  readonly phases: readonly PhaseWindow[];
  /** What its timeline is called where that is only a part of the run's. */
  readonly part?: string;
  readonly events: readonly RunEvent[];
  readonly operations: readonly Operation[];
  /** What came back to watchers; empty where nobody watched. */
  readonly watches: readonly WatchResponse[];
  readonly statuses: readonly StatusSample[];
  readonly health: readonly HealthSample[];
  /** What the members said of their stores when the load had ended; empty in recordings of before they were asked. */
  readonly hashes: readonly HashSample[];
  /** How busy the machine was; empty in recordings of before that was looked at. */
  readonly machine: readonly MachineSample[];
  readonly metrics: MetricStore;
  /** What Prometheus answered; empty where it was not asked anything. */
  readonly promql: readonly PromqlAnswer[];
  readonly logs: readonly LogLine[];
  /** What others told of the run by OpenTelemetry; absent where nobody was to be listened to. */
  readonly telemetry?: Telemetry;
  /** What is missing or damaged: torn last lines, files that are not there. */
  readonly defects: readonly string[];
}
