import { requestText } from "../recording/operation-text.ts";
import type { Operation } from "../recording/operation.ts";

/** `keep-alive of lease 1000000001 by process 3 on etcd-1`. */
export function operationText(operation: Operation): string {
  return `${requestText(operation)} by process ${operation.process} on ${operation.member}`;
}

/** Nanoseconds as seconds: `1.25`. */
export function seconds(ns: number): string {
  return String(Math.round(ns / 1e6) / 1e3);
}
