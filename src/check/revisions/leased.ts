import type { Operation } from "../../recording/operation.ts";
import type { Unknown } from "../finding.ts";

/**
 * Why nothing can be said of a history with leases or locks in it: keys attached to a lease end with it at a revision
 * that no operation is told, so that a key which is not there is no sign of anything.
 */
export function leasedKeys(history: readonly Operation[]): Unknown | undefined {
  if (!history.some(isOfLeasedKeys)) return undefined;
  return { kind: "unknown", because: "keys are attached to leases, which end without an operation; the assertions lease and lock look at those", checked: 0, of: history.length };
}

function isOfLeasedKeys(operation: Operation): boolean {
  switch (operation.op) {
    case "put":
      return operation.lease !== undefined;
    case "txn":
      return [...operation.success, ...operation.failure].some((part) => part.op === "put" && part.lease !== undefined);
    case "lock-acquire":
    case "lock-release":
    case "guarded-write":
      return true;
    default:
      return false;
  }
}
