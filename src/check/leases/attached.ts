import type { Operation } from "../../recording/operation.ts";
import { mayChange } from "../revisions/changes.ts";
import { Deletes } from "../revisions/deletes.ts";

/** A key that only puts with one lease have written and nobody deletes: it ends with the lease and not otherwise. */
export interface Attached {
  readonly lease: number;
  /** The first to be acknowledged. */
  put?: Operation;
}

/** All such keys of a history. */
export function attachedKeys(history: readonly Operation[]): ReadonlyMap<string, Attached> {
  const keys = new Map<string, Attached>();
  const others = new Set<string>();
  for (const operation of history) {
    if (operation.outcome === "fail") continue;
    for (const part of mayChange(operation)) {
      if (part.op !== "put") continue;
      const known = keys.get(part.key);
      if (operation.op !== "put" || part.lease === undefined || (known !== undefined && known.lease !== part.lease)) others.add(part.key);
      else attach(keys, part.key, known ?? { lease: part.lease }, operation);
    }
  }
  const deletes = new Deletes(history);
  for (const key of keys.keys()) if (others.has(key) || deletes.latestOf(key) > -Infinity) keys.delete(key);
  return keys;
}

function attach(keys: Map<string, Attached>, key: string, attached: Attached, put: Operation): void {
  keys.set(key, attached);
  if (put.outcome === "ok" && (attached.put === undefined || put.returnNs < attached.put.returnNs)) attached.put = put;
}
