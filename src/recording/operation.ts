/** What a client asked of etcd. Further workloads add their own kinds. */
export type OperationKind = "put" | "get";

/**
 * How an operation ended, as Jepsen has it: `ok` happened, `fail` certainly did not,
 * `info` may have happened, at any time from its invocation on.
 */
export type Outcome = "ok" | "fail" | "info";

/** One operation of one client: a line of `history.jsonl`. Times are nanoseconds on the run's clock. */
export interface Operation {
  /** Sequential process in the sense of a history: retired after an `info`, so never two operations at once. */
  readonly process: number;
  readonly client: number;
  /** The member whose endpoint was asked. */
  readonly member: string;
  readonly op: OperationKind;
  readonly key: string;
  /** Written by a put, or read by a get; null: a get that found nothing. Absent when unknown. */
  readonly value?: string | null;
  /** When the load plan wanted it to start; before `invokeNs` when the generator or the client was behind. */
  readonly intendedNs: number;
  readonly invokeNs: number;
  readonly returnNs: number;
  readonly outcome: Outcome;
  /** The store's revision in the response's header. */
  readonly revision?: number;
  /** A get's key: revision of its last change, and of its creation. */
  readonly modRevision?: number;
  readonly createRevision?: number;
  readonly error?: string;
}

/** Milliseconds from the intended start, so that a stalled generator cannot hide latency (coordinated omission). */
export function latencyMs(operation: Operation): number {
  return (operation.returnNs - operation.intendedNs) / 1e6;
}
