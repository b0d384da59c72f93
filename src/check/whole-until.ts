import type { Operation } from "../recording/operation.ts";

/**
 * A history as it was known at a moment, of which all is recorded that had begun by then. Whoever had no answer yet is of
 * unknown outcome, and what began later is left out. So a checker takes nothing for missing that is yet to be written.
 */
export function wholeUntil(operations: readonly Operation[], atNs: number): Operation[] {
  return operations.filter(({ invokeNs }) => invokeNs <= atNs).map((operation) => (operation.returnNs <= atNs ? operation : unanswered(operation)));
}

function unanswered(operation: Operation): Operation {
  const { process, client, member, intendedNs, invokeNs, returnNs } = operation;
  const common = { process, client, member, intendedNs, invokeNs, returnNs, outcome: "info" } as const;
  switch (operation.op) {
    case "put":
      return { ...common, op: operation.op, key: operation.key, value: operation.value, ...(operation.lease === undefined ? {} : { lease: operation.lease }) };
    case "get":
      return { ...common, op: operation.op, key: operation.key };
    case "range":
      return { ...common, op: operation.op, key: operation.key, end: operation.end };
    case "delete":
      return { ...common, op: operation.op, key: operation.key, ...(operation.end === undefined ? {} : { end: operation.end }) };
    case "txn":
      return { ...common, op: operation.op, compares: operation.compares, success: operation.success, failure: operation.failure };
    case "compact":
      return { ...common, op: operation.op, atRevision: operation.atRevision };
    case "lease-grant":
      return { ...common, op: operation.op, lease: operation.lease, ttlS: operation.ttlS };
    case "lease-keep-alive":
    case "lease-revoke":
    case "lease-time-to-live":
      return { ...common, op: operation.op, lease: operation.lease };
    case "lock-acquire":
      return { ...common, op: operation.op, lock: operation.lock, lease: operation.lease, waitMs: operation.waitMs };
    case "lock-release":
      return { ...common, op: operation.op, lock: operation.lock, lease: operation.lease };
    case "guarded-write": {
      const { op, lock, lease, token, value, fenced } = operation;
      return { ...common, op, lock, lease, token, value, fenced };
    }
  }
}
