import type { Operation, OperationOf } from "../../recording/operation.ts";
import type { TxnPart } from "../../recording/operations/txn.ts";

/** Whether an operation that ended `ok` changed the store, and so used up the revision that it was answered. */
export function changedStore(operation: Operation): boolean {
  switch (operation.op) {
    case "put":
      return true;
    case "delete":
      return (operation.deleted ?? 0) > 0;
    case "txn":
      return partsDone(operation).some(({ op }, index) => op === "put" || (op === "delete" && deletedBy(operation, index) > 0));
    default:
      return false;
  }
}

/** What a transaction that ended `ok` did. */
export function partsDone({ succeeded, success, failure }: OperationOf<"txn">): readonly TxnPart[] {
  return succeeded === true ? success : failure;
}

/** Whether an operation may change the store, whatever came of it. */
export function isWrite({ op }: Operation): boolean {
  return op === "put" || op === "delete" || op === "txn";
}

/** What an operation may change: a transaction both of what it does and of what it does otherwise. */
export function mayChange(operation: Operation): readonly TxnPart[] {
  switch (operation.op) {
    case "put":
    case "delete":
      return [operation];
    case "txn":
      return [...operation.success, ...operation.failure];
    default:
      return [];
  }
}

/**
 * Whether a member may answer alone, and so from the past: a read that asks for it, or a transaction of only
 * such reads, which a transaction without any parts is too.
 */
export function mayBeOld(operation: Operation): boolean {
  switch (operation.op) {
    case "get":
    case "range":
      return operation.serializable === true;
    case "txn":
      return [...operation.success, ...operation.failure].every((part) => (part.op === "get" || part.op === "range") && part.serializable === true);
    case "lease-grant":
    case "lease-keep-alive":
    case "lease-revoke":
    case "lease-time-to-live":
      // The revision is that of the member which answers: leases have none.
      return true;
    default:
      return false;
  }
}

/** Whether a range's end leaves room for a key that is not before its beginning; `\0` stands for no end. */
export function isBelow(key: string, end: string): boolean {
  return end === "\0" || key < end;
}

/** Whether a delete is of this key. */
export function covers({ key: from, end }: { readonly key: string; readonly end?: string }, key: string): boolean {
  return end === undefined ? key === from : key >= from && isBelow(key, end);
}

function deletedBy({ responses }: OperationOf<"txn">, index: number): number {
  const answer = responses?.[index];
  return answer?.op === "delete" ? answer.deleted : 0;
}
