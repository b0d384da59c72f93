import type { Operation } from "../../recording/operation.ts";
import { isQueueKey, queueRange } from "../../recording/queue-key.ts";
import { isBelow, partsDone } from "../revisions/changes.ts";
import { lookOf, type Look } from "../revisions/looks.ts";
import type { Timed } from "../revisions/real-time.ts";

/** What a history tells of an item. Its key is written once in a run. */
export interface Item {
  readonly key: string;
  /** Who put it in, whatever came of it; more than one where somebody else used its key. */
  readonly enqueues: Timed[];
  /** Those who were told that they had taken it out. */
  readonly taken: Timed[];
  /** Those who may have taken it out. */
  readonly mayBeTaken: Timed[];
  /** Everyone whose answer says at which revision it was put in. */
  readonly told: { readonly by: Timed; readonly revision: number }[];
}

/** A transaction that was to take an item out and found that it was not as it had been. */
export interface Refusal {
  readonly timed: Timed;
  readonly key: string;
  readonly revision: number;
}

/** A history in terms of a queue. */
export interface QueueHistory {
  readonly items: ReadonlyMap<string, Item>;
  readonly looks: readonly Look[];
  readonly refusals: readonly Refusal[];
  /** All of it that is about the queue, in order of invocation. */
  readonly operations: readonly Timed[];
}

/** What of a history, in order of invocation, is about the queue. */
export function queueHistory(all: readonly Timed[]): QueueHistory {
  const items = new Items();
  const looks: Look[] = [];
  const refusals: Refusal[] = [];
  const operations = all.filter((timed) => {
    const look = lookOf(timed);
    const takes = takeOf(timed.operation);
    if (timed.operation.op === "put" && isQueueKey(timed.operation.key)) items.enqueue(timed.operation.key, timed);
    else if (takes !== undefined) {
      if (isRefused(timed.operation)) refusals.push({ timed, key: takes.key, revision: timed.operation.revision ?? 0 });
      else items.take(takes.key, takes.foundAt, timed);
    } else if (look !== undefined && isOfQueue(timed.operation)) {
      looks.push(look);
      items.show(look);
    } else return false;
    return true;
  });
  return { items: items.byKey, looks, refusals, operations };
}

function isOfQueue(operation: Operation): boolean {
  return operation.op === "range" && operation.key < queueRange.end && isBelow(queueRange.key, operation.end);
}

function isRefused(operation: Operation): boolean {
  return operation.op === "txn" && operation.outcome === "ok" && operation.succeeded !== true;
}

/** The item that a transaction is to take out, and the revision that it had been found at. */
function takeOf(operation: Operation): { readonly key: string; readonly foundAt: number | undefined } | undefined {
  if (operation.op !== "txn") return undefined;
  const parts = operation.outcome === "ok" && operation.succeeded === true ? partsDone(operation) : operation.success;
  const deletion = parts.find((part) => part.op === "delete" && part.end === undefined && isQueueKey(part.key));
  if (deletion === undefined) return undefined;
  const guard = operation.compares.find((compare) => compare.key === deletion.key && compare.target === "mod" && compare.is === "=");
  return { key: deletion.key, foundAt: guard?.target === "mod" ? guard.to : undefined };
}

class Items {
  readonly byKey = new Map<string, Item>();

  enqueue(key: string, by: Timed): void {
    const { outcome, revision } = by.operation;
    const item = this.#item(key);
    item.enqueues.push(by);
    if (outcome === "ok" && revision !== undefined) item.told.push({ by, revision });
  }

  take(key: string, foundAt: number | undefined, by: Timed): void {
    const { outcome } = by.operation;
    const item = this.#item(key);
    if (outcome === "info") item.mayBeTaken.push(by);
    if (outcome !== "ok") return;
    item.taken.push(by);
    if (foundAt !== undefined) item.told.push({ by, revision: foundAt });
  }

  show({ timed, found }: Look): void {
    for (const { key, modRevision } of found.values()) if (isQueueKey(key)) this.#item(key).told.push({ by: timed, revision: modRevision });
  }

  #item(key: string): Item {
    const known = this.byKey.get(key);
    if (known !== undefined) return known;
    const item: Item = { key, enqueues: [], taken: [], mayBeTaken: [], told: [] };
    this.byKey.set(key, item);
    return item;
  }
}
