import type { Operation } from "./operation.ts";
import { valueText } from "./value-text.ts";

/** What an operation that ended ok was answered beside its revision, in a few words; empty where that is all: `no such key`. */
export function answerText(operation: Operation): string {
  switch (operation.op) {
    case "get":
      return operation.value === null ? "no such key" : `${valueText(operation.value ?? null)} of revision ${operation.modRevision ?? "unknown"}`;
    case "range":
      return counted(operation.kvs?.length ?? 0, "key");
    case "delete":
      return counted(operation.deleted ?? 0, "key");
    case "txn":
      return operation.succeeded === true ? "succeeded" : "did not succeed";
    case "lease-grant":
      return `${operation.grantedTtlS ?? 0} s`;
    case "lease-keep-alive":
    case "lease-time-to-live":
      return `${operation.remainingS ?? 0} s left`;
    case "lock-acquire":
      return operation.token === null ? "others held it" : `token ${operation.token ?? "unknown"}`;
    case "lock-release":
      return operation.released === true ? "released" : "it was gone";
    case "guarded-write":
      return operation.written === true ? "written" : "held off";
    default:
      return "";
  }
}

function counted(things: number, one: string): string {
  return `${things} ${things === 1 ? one : `${one}s`}`;
}
