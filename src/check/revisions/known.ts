import type { Operation } from "../../recording/operation.ts";
import type { KeyValue } from "../../recording/operations/key-value.ts";
import { Answers } from "./answers.ts";
import { changedStore, mayBeOld, mayChange, partsDone } from "./changes.ts";
import { Deletes } from "./deletes.ts";
import { foundBy } from "./found.ts";
import { Keys } from "./keys.ts";
import type { Timed } from "./real-time.ts";

/** A write that a read does not know of, and what the read shows instead. */
export interface Missed {
  readonly write: Timed;
  readonly how: string;
}

/** The last acknowledged write of each key, while time passes. */
export class Known {
  readonly #answers = new Answers();
  readonly #last = new Map<string, Timed>();
  readonly #keys: Keys;
  readonly #deletes: Deletes;

  /** @param history all operations that are to come */
  constructor(history: readonly Operation[]) {
    this.#keys = new Keys(history);
    this.#deletes = new Deletes(history);
  }

  begin(timed: Timed): void {
    const { operation } = timed;
    if (operation.outcome === "ok" && operation.revision !== undefined && changedStore(operation)) this.#answers.add(timed);
  }

  /** Acknowledged writes of the keys that it reads, of which it knows nothing. */
  missedBy(timed: Timed): Missed[] {
    const { operation } = timed;
    for (let done = this.#answers.takeBefore(operation.invokeNs); done !== undefined; done = this.#answers.takeBefore(operation.invokeNs)) this.#acknowledge(done);
    if (mayBeOld(operation)) return [];
    if (operation.op === "get" && operation.atRevision === undefined && operation.value !== undefined) {
      return this.#missed(operation.key, operation.value === null ? undefined : foundBy(operation.key, operation)?.modRevision ?? Infinity);
    }
    if (operation.op !== "range" || operation.kvs === undefined) return [];
    return this.#missedInRange(operation.key, endOf(operation.end, operation.kvs, operation.limit), operation.kvs, operation.atRevision ?? Infinity);
  }

  #missedInRange(key: string, end: string, kvs: readonly KeyValue[], atRevision: number): Missed[] {
    const found = new Map(kvs.map((each) => [each.key, each.modRevision]));
    return this.#keys.within(key, end).flatMap((name) => this.#missed(name, found.get(name), atRevision));
  }

  #missed(key: string, modRevision: number | undefined, atRevision = Infinity): Missed[] {
    const write = this.#last.get(key);
    const revision = write?.operation.revision ?? Infinity;
    if (write === undefined || revision > atRevision || (modRevision !== undefined && modRevision >= revision)) return [];
    if (modRevision !== undefined) return [{ write, how: `reads ${key} as of revision ${modRevision}` }];
    // A delete itself leaves no key.
    return this.#deletes.latestOf(key) >= revision ? [] : [{ write, how: `finds no ${key}` }];
  }

  #acknowledge(timed: Timed): void {
    const { operation } = timed;
    const parts = operation.op === "txn" ? partsDone(operation) : mayChange(operation);
    for (const part of parts) {
      if (part.op !== "put" && part.op !== "delete") continue;
      const names = part.op === "put" || part.end === undefined ? [part.key] : this.#keys.within(part.key, part.end).filter((name) => this.#last.has(name));
      for (const name of names) if ((this.#last.get(name)?.operation.revision ?? 0) <= (operation.revision ?? 0)) this.#last.set(name, timed);
    }
  }
}

/** Where a range ends that a limit has cut: just after the last key that it found. */
function endOf(end: string, kvs: readonly KeyValue[], limit: number | undefined): string {
  const last = kvs.at(-1)?.key;
  return limit !== undefined && limit > 0 && kvs.length >= limit && last !== undefined ? `${last}\0` : end;
}
