import type { Assertion } from "../../assertions/assertion.ts";
import type { Expectation } from "../../assertions/expectation.ts";
import type { ClusterSpec, FlagValue } from "../cluster/cluster.ts";
import type { Fault } from "../faults/fault.ts";
import type { Workloads } from "../workloads/workloads.ts";

/** A scenario file, read and found to make sense: every option is checked and bound to its kind. */
export interface Scenario {
  /** The file's name without folder and extension: `partition`. */
  readonly name: string;
  /** The first sentences of the file, for lists and reports. */
  readonly description: string;
  readonly cluster: ScenarioCluster;
  /** Absent where the cluster is left without load. */
  readonly workload?: Workloads;
  /** In order of time, at least one; names are unique. */
  readonly phases: readonly Phase[];
  /** What ends the run before its time; absent where nothing does. */
  readonly abortIf?: AbortConditions;
  /** At least one. */
  readonly assertions: readonly Assertion[];
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

export interface ScenarioCluster {
  readonly memberCount: ClusterSpec["memberCount"];
  /** What `parseEtcdRequest` reads: `3.5`, `3.5.30`, `image:…`, a path. */
  readonly etcd: string;
  readonly flags: Readonly<Record<string, FlagValue>>;
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
