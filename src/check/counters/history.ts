import { countOf, isCounterKey } from "../../recording/counter-key.ts";
import type { Operation, OperationOf } from "../../recording/operation.ts";
import type { GetAnswer } from "../../recording/operations/key-value.ts";
import { partsDone } from "../revisions/changes.ts";
import { lookOf } from "../revisions/looks.ts";
import type { Timed } from "../revisions/real-time.ts";

/** A transaction that was to add one to a counter. */
export interface Addition {
  readonly by: Timed;
  /** The revision of the counter that it went by; 0: there was none yet. */
  readonly from: number;
  /** The text that it puts. */
  readonly value: string;
}

/** What an answer says of a counter. */
export interface Seen {
  readonly by: Timed;
  /** The state of this revision. */
  readonly revision: number;
  readonly value: string | null;
  /** What `value` says; undefined where it is no number. */
  readonly count: number | undefined;
  /** The revision of its last change; undefined where the answer does not say it. */
  readonly changedAt: number | undefined;
  /** How often it was written; undefined where the answer does not say it. */
  readonly version: number | undefined;
}

/** What a history tells of one counter. */
export interface Counter {
  readonly key: string;
  /** Acknowledged ones. */
  readonly added: Addition[];
  /** Those of unknown outcome. */
  readonly mayBeAdded: Addition[];
  readonly seen: Seen[];
}

/** A history in terms of counters. */
export interface CounterHistory {
  readonly counters: ReadonlyMap<string, Counter>;
  /** All of it that is about counters, in order of invocation. */
  readonly operations: readonly Timed[];
}

/** What of a history, in order of invocation, is about counters. */
export function counterHistory(all: readonly Timed[]): CounterHistory {
  const counters = new Counters();
  for (const timed of all) for (const addition of additionsOf(timed)) counters.add(addition.key, addition);
  const operations = all.filter((timed) => counters.see(timed));
  return { counters: counters.byKey, operations };
}

/** The additions of a transaction that were done or may have been. */
function additionsOf(by: Timed): (Addition & { readonly key: string })[] {
  const { operation } = by;
  if (operation.op !== "txn" || operation.outcome === "fail" || (operation.outcome === "ok" && operation.succeeded !== true)) return [];
  return operation.success.flatMap((part) => (part.op === "put" && isCounterKey(part.key) ? [{ by, key: part.key, from: guardOf(operation, part.key), value: part.value }] : []));
}

function guardOf({ compares }: OperationOf<"txn">, key: string): number {
  const guard = compares.find((compare) => compare.key === key && compare.target === "mod" && compare.is === "=");
  return guard?.target === "mod" ? guard.to : 0;
}

class Counters {
  readonly byKey = new Map<string, Counter>();

  add(key: string, { by, from, value }: Addition): void {
    const counter = this.#counter(key);
    (by.operation.outcome === "ok" ? counter.added : counter.mayBeAdded).push({ by, from, value });
  }

  /** @returns whether it is about a counter */
  see(timed: Timed): boolean {
    const { operation } = timed;
    switch (operation.op) {
      case "get":
        if (!isCounterKey(operation.key)) return false;
        this.#note(timed, operation.key, operation.atRevision ?? operation.revision, { ...operation, value: operation.value ?? null });
        return true;
      case "range":
        return this.#seeRange(timed);
      case "txn":
        return this.#seeTransaction(timed, operation);
      default:
        return false;
    }
  }

  #seeRange(timed: Timed): boolean {
    const look = lookOf(timed);
    if (look === undefined) return false;
    const found = [...look.found.values()].filter(({ key }) => isCounterKey(key));
    for (const each of found) this.#note(timed, each.key, look.revision, each);
    const missing = [...this.byKey.keys()].filter((key) => look.covers(key) && !look.found.has(key));
    for (const key of missing) this.#note(timed, key, look.revision, { value: null });
    return found.length + missing.length > 0;
  }

  #seeTransaction(timed: Timed, operation: OperationOf<"txn">): boolean {
    const done = partsDone(operation);
    const own = operation.success.filter((part) => part.op === "put" && isCounterKey(part.key));
    if (own.length === 0) return false;
    for (const [index, part] of done.entries()) {
      const answer = operation.responses?.[index];
      if (part.op === "get" && answer?.op === "get") this.#note(timed, part.key, operation.revision, answer);
      else if (part.op === "put") this.#note(timed, part.key, operation.revision, { value: part.value, ...(operation.revision === undefined ? {} : { modRevision: operation.revision }) });
    }
    return true;
  }

  #note(by: Timed, key: string, revision: number | undefined, { value, modRevision, version }: GetAnswer): void {
    if (by.operation.outcome !== "ok" || revision === undefined) return;
    const absent = value === null;
    this.#counter(key).seen.push({ by, revision, value, count: countOf(value), changedAt: absent ? 0 : modRevision, version: absent ? 0 : version });
  }

  #counter(key: string): Counter {
    const known = this.byKey.get(key);
    if (known !== undefined) return known;
    const counter: Counter = { key, added: [], mayBeAdded: [], seen: [] };
    this.byKey.set(key, counter);
    return counter;
  }
}

/** How often somebody was told that one was added. */
export function additionsIn(operations: readonly Operation[]): number {
  return operations.filter((operation) => operation.op === "txn" && operation.outcome === "ok" && operation.succeeded === true && operation.success.some((part) => part.op === "put" && isCounterKey(part.key))).length;
}
