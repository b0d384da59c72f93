import type { Operation } from "../../recording/operation.ts";
import { isQueueKey, queueRange } from "../../recording/queue-key.ts";
import type { Violated } from "../finding.ts";

/** The same, with what each operation did to the queue: `put 5-26 in`, `take 5-26 out`. */
export function inTermsOfQueue(violated: Violated): Violated {
  const did = violated.operations.flatMap((operation): [Operation, string][] => {
    const text = didText(operation);
    return text === undefined ? [] : [[operation, text]];
  });
  return { ...violated, did: new Map(did) };
}

function didText(operation: Operation): string | undefined {
  switch (operation.op) {
    case "put":
      return `put ${itemOf(operation.key)} in`;
    case "range":
      return operation.kvs === undefined ? "look" : `look → ${operation.kvs.length} ${operation.kvs.length === 1 ? "item" : "items"}`;
    case "txn": {
      const taken = operation.success.find((part) => part.op === "delete" && isQueueKey(part.key));
      return taken && `take ${itemOf(taken.key)} out${operation.succeeded === false ? " → not as it was" : ""}`;
    }
    default:
      return undefined;
  }
}

function itemOf(key: string): string {
  return isQueueKey(key) ? key.slice(queueRange.key.length) : key;
}
