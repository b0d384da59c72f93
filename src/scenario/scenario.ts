import type { Assertion } from "../../assertions/assertion.ts";
import type { Expectation } from "../../assertions/expectation.ts";
import type { ClusterSpec, FlagValue } from "../cluster/cluster.ts";
import type { Fault } from "../faults/fault.ts";
import type { DrawnMetric } from "./report-schema.ts";
import type { Workloads } from "../workloads/workloads.ts";

/** A scenario file, read and found to make sense: every option is checked and bound to its kind. */
export interface Scenario {
  /** The file's name without folder and extension: `partition`. */
  readonly name: string;
  /** The first sentences of the file, for lists and reports. */
  readonly description: string;
  /** Words by which a nightly chooses; often none. */
  readonly tags: readonly string[];
  readonly cluster: ScenarioCluster;
  /** Absent where the cluster is left without load. */
  readonly workload?: Workloads;
  /** What others tell of the run; absent where nobody is listened to. */
  readonly telemetry?: TelemetrySpec;
  /** In order of time, at least one; names are unique. */
  readonly phases: readonly Phase[];
  /** What ends the run before its time; absent where nothing does. */
  readonly abortIf?: AbortConditions;
  /** What holds as long as nothing is done to the cluster; absent where nothing is said. */
  readonly steadyState?: SteadyState;
  /** What the report draws of the members' metrics; the usual ones when absent. */
  readonly metrics?: readonly DrawnMetric[];
  /** At least one. */
  readonly assertions: readonly Assertion[];
  /** What is likely wrong and may be right, each as `file:line:column: message`; absent where nothing is. */
  readonly warnings?: readonly string[];
  /** What is to be violated, on which versions of etcd; absent where nothing is. */
  readonly expect?: Expectation;
  /** The file as it was read. */
  readonly text: string;
}

/** The first that is met ends the run. */
export interface AbortConditions {
  readonly noLeaderForMs?: number | undefined;
  readonly nothingAcknowledgedForMs?: number | undefined;
  /** Assertions of which none is to be violated while the run goes on. */
  readonly violated: readonly Assertion[];
}

/** Judged before the first fault and again after the last one. */
export interface SteadyState {
  /** At least one; none has a part of the run of its own. */
  readonly assertions: readonly Assertion[];
  /** How long after the last fault has healed it need not hold yet. */
  readonly settleMs: number;
}

export interface ScenarioCluster {
  readonly memberCount: ClusterSpec["memberCount"];
  /** What `parseEtcdRequest` reads: `3.5`, `3.5.30`, `image:…`, a path. */
  readonly etcd: string;
  readonly flags: Readonly<Record<string, FlagValue>>;
}

/** By which ways others tell of the run, in OTLP: one at least. */
export interface TelemetrySpec {
  readonly receive?: {
    /** 0 for any that is free. */
    readonly httpPort: number;
    readonly grpcPort: number;
    /** The members send spans of this share of their requests, above 0 and up to 1; of none when absent. */
    readonly etcdShare?: number;
    /** So long after the load has ended what is still on its way is waited for. */
    readonly lingerMs: number;
  };
  /** Files of which each line is a request. */
  readonly files: readonly string[];
}

/** A stretch of the timeline with the faults that are in force during it. */
export interface Phase {
  readonly name: string;
  readonly durationMs: number;
  readonly faults: readonly TimedFault[];
}

export interface TimedFault {
  /** One, or several of which the seed draws one. */
  readonly choices: readonly WeightedFault[];
  /** Counted from the start of its phase. */
  readonly atMs: number;
  /** How long it stays; to the end of its time when absent. */
  readonly forMs?: number;
  /** The phase at whose start its time ends; its own phase's end when absent. */
  readonly until?: string;
  /** From injection to injection, where it comes back until its time ends. */
  readonly everyMs?: number;
  /** It moves to the new leader whenever the leader changes. */
  readonly follows: boolean;
}

export interface WeightedFault {
  readonly fault: Fault;
  /** How often it is drawn, in proportion to the others'. */
  readonly weight: number;
}
