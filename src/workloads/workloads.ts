import type { WatchSpec } from "./watch/spec.ts";
import type { Workload } from "./workload.ts";

/** All that a scenario has do something to the cluster: workloads side by side, and who watches beside them. */
export interface Workloads {
  /** What each part does, and who watches: `kv: 200 operations/s, …`, `watched through all members`. */
  readonly titles: readonly string[];
  /** At least one, each of another kind. */
  readonly parts: readonly Workload[];
  /** Absent: nobody watches. */
  readonly watch?: WatchSpec;
}

/** A client of a workload, with the number that it has among all. */
export interface Place {
  readonly workload: Workload;
  /** Its number among the clients of its workload. */
  readonly client: number;
  /** Its number among all clients: how the history names it. */
  readonly number: number;
}

/** The clients of all workloads: numbered one workload after the other. */
export function placesOf(parts: readonly Workload[]): Place[] {
  const places = parts.flatMap((workload) => Array.from({ length: workload.clients }, (_, client) => ({ workload, client })));
  return places.map((place, number) => ({ ...place, number }));
}

/** The longest that an operation of any of them may take, in milliseconds. */
export function longestTimeoutMs(parts: readonly Workload[]): number {
  return Math.max(0, ...parts.map(({ timeoutMs }) => timeoutMs));
}
