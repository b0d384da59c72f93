import type { Operation } from "../../recording/operation.ts";
import type { Attached } from "./attached.ts";
import type { LeaseLife } from "./life.ts";

/** What an operation shows of a lease. */
export interface Sign {
  readonly lease: number;
  readonly operation: Operation;
  /** `finds leased/1/0`, `finds no leased/1/0`, `is told that there is no such lease`. */
  readonly how: string;
  /** Who wrote the key that it is about. */
  readonly put?: Operation;
}

/**
 * What shows that a lease is gone: a key of it that was there and is not found, or the word of etcd. A read that a
 * member answers alone may be of the past, and a time-to-live of one that has not heard of its successor.
 */
export function signsOfEnd(history: readonly Operation[], lives: ReadonlyMap<number, LeaseLife>, keys: ReadonlyMap<string, Attached>): Sign[] {
  return history.flatMap((operation): Sign[] => {
    if (operation.op === "get" && isOfNow(operation) && operation.value === null) {
      const { put, lease = 0 } = keys.get(operation.key) ?? {};
      return put === undefined || put.returnNs >= operation.invokeNs ? [] : [{ lease, operation, put, how: `finds no ${operation.key}` }];
    }
    const lease = "lease" in operation ? operation.lease : undefined;
    const isKnown = lease !== undefined && lives.get(lease)?.renewals.some((renewal) => renewal.operation.returnNs < operation.invokeNs);
    return isKnown === true && saysGone(operation) ? [{ lease, operation, how: "is told that there is no such lease" }] : [];
  });
}

/** Keys of a lease that are found. */
export function signsOfLife(history: readonly Operation[], keys: ReadonlyMap<string, Attached>): Sign[] {
  return history.flatMap((operation) => found(operation).flatMap((key): Sign[] => {
    const attached = keys.get(key);
    return attached === undefined ? [] : [{ lease: attached.lease, operation, how: `finds ${key}`, ...(attached.put === undefined ? {} : { put: attached.put }) }];
  }));
}

function found(operation: Operation): readonly string[] {
  if (operation.op === "get" && isOfNow(operation) && typeof operation.value === "string") return [operation.key];
  return operation.op === "range" && isOfNow(operation) ? (operation.kvs ?? []).map(({ key }) => key) : [];
}

function isOfNow({ outcome, serializable, atRevision }: Extract<Operation, { readonly op: "get" | "range" }>): boolean {
  return outcome === "ok" && serializable !== true && atRevision === undefined;
}

function saysGone(operation: Operation): boolean {
  switch (operation.op) {
    case "lease-keep-alive":
      return operation.outcome === "ok" && operation.remainingS === 0;
    case "lease-revoke":
    case "put":
      return operation.outcome === "fail" && operation.error?.includes("requested lease not found") === true;
    default:
      return false;
  }
}
