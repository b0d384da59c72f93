import type { Operation, OperationOf } from "../../recording/operation.ts";
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
  const signs: Sign[] = [];
  for (const operation of history) {
    const sign = operation.op === "get" ? missing(operation, keys) : toldGone(operation, lives);
    if (sign !== undefined) signs.push(sign);
  }
  return signs;
}

function missing(get: OperationOf<"get">, keys: ReadonlyMap<string, Attached>): Sign | undefined {
  if (get.value !== null || !isOfNow(get)) return undefined;
  const { put, lease = 0 } = keys.get(get.key) ?? {};
  return put === undefined || put.returnNs >= get.invokeNs ? undefined : { lease, operation: get, put, how: `finds no ${get.key}` };
}

function toldGone(operation: Operation, lives: ReadonlyMap<number, LeaseLife>): Sign | undefined {
  if (!saysGone(operation) || operation.lease === undefined) return undefined;
  const isKnown = (lives.get(operation.lease)?.knownFromNs ?? Infinity) < operation.invokeNs;
  return isKnown ? { lease: operation.lease, operation, how: "is told that there is no such lease" } : undefined;
}

/** Keys of a lease that are found. */
export function signsOfLife(history: readonly Operation[], keys: ReadonlyMap<string, Attached>): Sign[] {
  const signs: Sign[] = [];
  const find = (operation: Operation, key: string): void => {
    const attached = keys.get(key);
    if (attached !== undefined) signs.push({ lease: attached.lease, operation, how: `finds ${key}`, ...(attached.put === undefined ? {} : { put: attached.put }) });
  };
  for (const operation of history) {
    if (operation.op === "get" && typeof operation.value === "string" && isOfNow(operation)) find(operation, operation.key);
    else if (operation.op === "range" && isOfNow(operation)) for (const { key } of operation.kvs ?? []) find(operation, key);
  }
  return signs;
}

function isOfNow({ outcome, serializable, atRevision }: Extract<Operation, { readonly op: "get" | "range" }>): boolean {
  return outcome === "ok" && serializable !== true && atRevision === undefined;
}

function saysGone(operation: Operation): operation is OperationOf<"lease-keep-alive" | "lease-revoke" | "put"> {
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
