import { bisectLeft } from "d3-array";
import type { Operation } from "../../recording/operation.ts";
import type { TxnPart } from "../../recording/operations/txn.ts";
import { changedStore, mayChange, partsDone } from "../revisions/changes.ts";
import { toldBy, type Stream, type Told } from "./streams.ts";

/** A key's change at a revision, and all who know of it. */
export interface Change {
  readonly revision: number;
  readonly key: string;
  /** At most one of each stream. */
  readonly told: readonly Told[];
  readonly written: Written | undefined;
}

/** An acknowledged write as the client asked for it; null: it deleted the key. */
export interface Written {
  readonly operation: Operation;
  readonly value: string | null;
}

type Growing = { -readonly [Key in keyof Change]: Change[Key] } & { readonly told: Told[] };

/**
 * All changes that any watch told or that were acknowledged to a client, in order of revision. What a watch
 * told has happened, at that revision; and a write of a unique value that is not among them has not, where
 * `Coverage` is whole. By this a checker of the history can narrow what became of operations of unknown outcome.
 */
export class Changes {
  readonly #at = new Map<number, Growing[]>();
  readonly #revisions: readonly number[];

  constructor(streams: readonly Stream[], history: readonly Operation[]) {
    for (const stream of streams) for (const told of toldBy(stream)) this.#tell(told);
    for (const operation of history) if (operation.outcome === "ok" && changedStore(operation)) this.#write(operation);
    this.#revisions = [...this.#at.keys()].sort((a, b) => a - b);
  }

  /** From a revision to another, both included. */
  *between(from: number, to: number): Generator<Change> {
    for (let index = bisectLeft(this.#revisions, from); index < this.#revisions.length; index += 1) {
      const revision = this.#revisions[index] ?? Infinity;
      if (revision > to) return;
      yield* this.at(revision);
    }
  }

  at(revision: number): readonly Change[] {
    return this.#at.get(revision) ?? [];
  }

  /** All revisions at which something changed, in order. */
  get revisions(): readonly number[] {
    return this.#revisions;
  }

  #tell(told: Told): void {
    const change = this.#change(told.event.modRevision, told.event.key);
    if (!change.told.some(({ stream }) => stream === told.stream)) change.told.push(told);
  }

  #write(operation: Operation): void {
    if (operation.revision === undefined) return;
    const parts = operation.op === "txn" ? partsDone(operation) : mayChange(operation);
    for (const [index, part] of parts.entries()) {
      if (isCertain(operation, part, index)) this.#change(operation.revision, part.key).written = { operation, value: part.op === "put" ? part.value : null };
    }
  }

  #change(revision: number, key: string): Growing {
    const list = this.#at.get(revision) ?? [];
    if (list.length === 0) this.#at.set(revision, list);
    const known = list.find((each) => each.key === key);
    if (known !== undefined) return known;
    const change = { revision, key, told: [], written: undefined };
    list.push(change);
    return change;
  }
}

/** Whether a part changed its key for certain: which keys of a range were deleted is not told. */
function isCertain(operation: Operation, part: TxnPart, index: number): boolean {
  if (part.op === "put") return true;
  if (part.op !== "delete" || part.end !== undefined) return false;
  if (operation.op !== "txn") return true;
  const answer = operation.responses?.[index];
  return answer?.op === "delete" && answer.deleted > 0;
}
