import type { CompactAnswer, CompactRequest } from "./operations/compact.ts";
import type { DeleteAnswer, DeleteRequest, GetAnswer, GetRequest, PutAnswer, PutRequest, RangeAnswer, RangeRequest } from "./operations/key-value.ts";
import type {
  LeaseGrantAnswer, LeaseGrantRequest, LeaseKeepAliveAnswer, LeaseKeepAliveRequest, LeaseRevokeAnswer, LeaseRevokeRequest, LeaseTimeToLiveAnswer, LeaseTimeToLiveRequest,
} from "./operations/lease.ts";
import type { GuardedWriteAnswer, GuardedWriteRequest, LockAcquireAnswer, LockAcquireRequest, LockReleaseAnswer, LockReleaseRequest } from "./operations/lock.ts";
import type { TxnAnswer, TxnRequest } from "./operations/txn.ts";

/**
 * What can be asked of etcd, by the name that `op` has. A further kind is a file in `operations/`, and a
 * line here, in `decode.ts` and in `operation-text.ts`, which the compiler asks for.
 */
interface Kinds {
  readonly put: { readonly asks: PutRequest; readonly gets: PutAnswer };
  readonly get: { readonly asks: GetRequest; readonly gets: GetAnswer };
  readonly range: { readonly asks: RangeRequest; readonly gets: RangeAnswer };
  readonly delete: { readonly asks: DeleteRequest; readonly gets: DeleteAnswer };
  readonly txn: { readonly asks: TxnRequest; readonly gets: TxnAnswer };
  readonly compact: { readonly asks: CompactRequest; readonly gets: CompactAnswer };
  readonly "lease-grant": { readonly asks: LeaseGrantRequest; readonly gets: LeaseGrantAnswer };
  readonly "lease-keep-alive": { readonly asks: LeaseKeepAliveRequest; readonly gets: LeaseKeepAliveAnswer };
  readonly "lease-revoke": { readonly asks: LeaseRevokeRequest; readonly gets: LeaseRevokeAnswer };
  readonly "lease-time-to-live": { readonly asks: LeaseTimeToLiveRequest; readonly gets: LeaseTimeToLiveAnswer };
  readonly "lock-acquire": { readonly asks: LockAcquireRequest; readonly gets: LockAcquireAnswer };
  readonly "lock-release": { readonly asks: LockReleaseRequest; readonly gets: LockReleaseAnswer };
  readonly "guarded-write": { readonly asks: GuardedWriteRequest; readonly gets: GuardedWriteAnswer };
}

/** What a client asked of etcd. */
export type OperationKind = keyof Kinds;

/**
 * How an operation ended, as Jepsen has it: `ok` happened, `fail` certainly did not,
 * `info` may have happened, at any time from its invocation on.
 */
export type Outcome = "ok" | "fail" | "info";

/** What operations of every kind have. Times are nanoseconds on the run's clock. */
export interface OperationCommon {
  /** Sequential process in the sense of a history: retired after an `info`, so never two operations at once. */
  readonly process: number;
  readonly client: number;
  /** The member whose endpoint was asked. */
  readonly member: string;
  /** When the load plan wanted it to start; before `invokeNs` when the generator or the client was behind. */
  readonly intendedNs: number;
  readonly invokeNs: number;
  readonly returnNs: number;
  readonly outcome: Outcome;
  /** The store's revision in the response's header: that of a write, or the present one at a read. */
  readonly revision?: number;
  readonly error?: string;
  /** Not of the load: one of the reads after its end, so that what was lost cannot hide. */
  readonly final?: true;
}

/** What a workload asks of etcd. */
export type Request = Kinds[OperationKind]["asks"];

/** A request together with what etcd answered when it carried it out. */
export type Answered = { [Kind in OperationKind]: Kinds[Kind]["asks"] & Kinds[Kind]["gets"] & Required<Pick<OperationCommon, "revision">> }[OperationKind];

/** An operation of one kind. What was answered is there when it ended `ok`. */
export type OperationOf<Kind extends OperationKind> = { [Each in Kind]: OperationCommon & Kinds[Each]["asks"] & Partial<Kinds[Each]["gets"]> }[Kind];

/** One operation of one client: a line of `history.jsonl`, described in docs/history.md. */
export type Operation = OperationOf<OperationKind>;

/** Milliseconds from the intended start, so that a stalled generator cannot hide latency (coordinated omission). */
export function latencyMs(operation: OperationCommon): number {
  return (operation.returnNs - operation.intendedNs) / 1e6;
}

/** Whether an operation is of a kind; for `filter` and `find`. */
export function isKind<Kind extends OperationKind>(kind: Kind): (operation: Operation) => operation is Extract<Operation, { readonly op: Kind }> {
  return (operation): operation is Extract<Operation, { readonly op: Kind }> => operation.op === kind;
}
