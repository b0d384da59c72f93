import { bisectLeft } from "d3-array";
import type { Operation } from "../../recording/operation.ts";
import { guardedKey, lockKey } from "../../recording/operations/lock.ts";
import type { TxnPart } from "../../recording/operations/txn.ts";
import { remembered } from "../../remembered.ts";
import type { Unknown } from "../finding.ts";
import { isBelow } from "./changes.ts";
import { byInvocation, inRealTime, type Timed } from "./real-time.ts";

/**
 * The operations that revisions can be held against. Keys attached to a lease end with it at a revision that nobody is
 * told, so that a key which is not there is no sign of anything; locks are made of such keys. What is about these
 * alone is left out, which is all that a workload of leases or locks does. Where an operation is about
 * both, or nothing else is left, nothing can be said.
 */
export const withoutLeased = remembered((history: readonly Operation[]): readonly Operation[] | Unknown => {
  const leased = new Set<string>();
  const others = new Set<string>();
  for (const operation of history) for (const { key, isLeased } of writtenBy(operation)) (isLeased ? leased : others).add(key);
  if (leased.size === 0) return history;
  const unknown = (because: string): Unknown => ({ kind: "unknown", because, checked: 0, of: history.length });
  const [leasedKeys, otherKeys] = [new SortedKeys(leased), new SortedKeys([...others].filter((key) => !leased.has(key)))];
  const left: Operation[] = [];
  for (const operation of history) {
    const parts = partsOf(operation);
    if (parts === undefined) continue;
    if (!parts.some((part) => leasedKeys.meet(part))) left.push(operation);
    else if (parts.some((part) => otherKeys.meet(part))) return unknown("operations are about keys that are attached to leases and about others, and the former end without an operation");
  }
  if (left.some(({ op }) => !op.startsWith("lease-"))) return left;
  return unknown("keys are attached to leases, which end without an operation; the assertions lease and lock look at those");
});

/** What revisions can be held against, in real time. */
export interface Judged {
  /** The whole history, in order of invocation: whatever was answered says how far the store had come. */
  readonly all: readonly Timed[];
  /** Those of them that are judged. */
  readonly judged: readonly Timed[];
}

/** A history in real time, with what `withoutLeased` leaves of it. */
export function inTimeWithoutLeased(history: readonly Operation[]): Judged | Unknown {
  const whole = byInvocation(history);
  const operations = withoutLeased(whole);
  if ("kind" in operations) return operations;
  const all = inRealTime(whole);
  if (operations === whole) return { all, judged: all };
  const left = new Set(operations);
  return { all, judged: all.filter(({ operation }) => left.has(operation)) };
}

interface Written {
  readonly key: string;
  readonly isLeased: boolean;
}

function writtenBy(operation: Operation): readonly Written[] {
  switch (operation.op) {
    case "put":
      return [{ key: operation.key, isLeased: operation.lease !== undefined }];
    case "txn":
      return [...operation.success, ...operation.failure].flatMap((part) => (part.op === "put" ? [{ key: part.key, isLeased: part.lease !== undefined }] : []));
    case "lock-acquire":
    case "lock-release":
      return [{ key: lockKey(operation.lock, operation.lease), isLeased: true }];
    case "guarded-write":
      return [{ key: guardedKey(operation.lock), isLeased: true }];
    default:
      return [];
  }
}

/** A key, or all from it on that are below an end. */
interface Span {
  readonly key: string;
  readonly end?: string;
}

/** Which keys an operation is about; undefined for one about a lock. */
function partsOf(operation: Operation): readonly Span[] | undefined {
  switch (operation.op) {
    case "put":
    case "get":
    case "range":
    case "delete":
      return [operation];
    case "txn":
      return [...operation.compares.map(({ key }) => ({ key })), ...operation.success, ...operation.failure] satisfies readonly (Span | TxnPart)[];
    case "lock-acquire":
    case "lock-release":
    case "guarded-write":
      return undefined;
    default:
      return [];
  }
}

class SortedKeys {
  readonly #sorted: readonly string[];

  constructor(keys: Iterable<string>) {
    this.#sorted = [...keys].sort();
  }

  /** Whether one of them is in the span. */
  meet({ key, end }: Span): boolean {
    const next = this.#sorted[bisectLeft(this.#sorted, key)];
    return next !== undefined && (end === undefined ? next === key : isBelow(next, end));
  }
}
