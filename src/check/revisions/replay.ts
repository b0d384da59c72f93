import type { OperationOf } from "../../recording/operation.ts";
import type { DeleteRequest, GetAnswer, RangeAnswer, RangeRequest } from "../../recording/operations/key-value.ts";
import type { TxnPart, TxnPartAnswer } from "../../recording/operations/txn.ts";
import { changedStore, partsDone } from "./changes.ts";
import { holds } from "./compares.ts";
import { foundBy } from "./found.ts";
import type { HiddenChanges } from "./hidden-changes.ts";
import { KeyState } from "./key-state.ts";
import type { Keys } from "./keys.ts";
import { named, type Problem } from "./problem.ts";
import type { Happened, Timed } from "./real-time.ts";

/** The store, as the operations say it was while they are played in order of their revisions. */
export class Replay {
  readonly #states = new Map<string, KeyState>();
  readonly #keys: Keys;
  readonly #hidden: HiddenChanges;

  constructor(keys: Keys, hidden: HiddenChanges) {
    this.#keys = keys;
    this.#hidden = hidden;
  }

  /** Plays the next operation: what it changed, or what it saw at its revision. */
  play(timed: Timed): Problem | undefined {
    const { operation, happened } = timed;
    if (happened !== undefined) return this.#playUnknown(timed, happened);
    const revision = operation.revision ?? 0;
    switch (operation.op) {
      case "put":
        this.#state(operation.key).put(operation.value, revision, timed);
        return undefined;
      case "get":
        return this.#got(operation.key, operation, operation.atRevision ?? revision, timed);
      case "range":
        return this.#ranged(operation, operation, operation.atRevision ?? revision, timed);
      case "delete":
        return this.#deleted(operation, operation.deleted ?? 0, revision, timed);
      case "txn":
        return this.#playTxn(operation, revision, timed);
      default:
        return undefined;
    }
  }

  #state(key: string): KeyState {
    let state = this.#states.get(key);
    if (state === undefined) {
      state = new KeyState(key, this.#hidden.doubts(key), (change) => this.#hidden.need(change));
      this.#states.set(key, state);
    }
    return state;
  }

  #got(key: string, answer: Partial<GetAnswer>, revision: number, by: Timed): Problem | undefined {
    if (answer.value === null) return this.#state(key).foundAbsent(revision, by);
    const found = foundBy(key, answer);
    return found && this.#state(key).found(found, revision, by);
  }

  #ranged({ key, end, limit }: RangeRequest, { kvs = [], count }: Partial<RangeAnswer>, revision: number, by: Timed): Problem | undefined {
    const last = kvs.at(-1)?.key;
    const isCut = limit !== undefined && limit > 0 && kvs.length >= limit;
    let next = 0;
    for (const name of this.#keys.within(key, end)) {
      if (isCut && last !== undefined && name > last) break;
      const found = kvs[next]?.key === name ? kvs[next] : undefined;
      if (found !== undefined) next += 1;
      const problem = found === undefined ? this.#states.get(name)?.foundAbsent(revision, by) : this.#state(name).found(found, revision, by);
      if (problem !== undefined) return problem;
    }
    if (next < kvs.length) return { rule: "wrong answer", sentence: `${named(by)} is answered ${String(kvs[next]?.key)}, which is out of order or out of the range`, others: [] };
    return isCut && count !== undefined ? this.#counted({ key, end }, count, by, "counts") : undefined;
  }

  /** What is deleted was there, and is there no more. */
  #deleted(request: DeleteRequest, deleted: number, revision: number, by: Timed): Problem | undefined {
    const { key, end } = request;
    // That it deleted nothing is what it saw at a revision that others made.
    if (end === undefined && deleted === 0) return this.#state(key).foundAbsent(revision, by);
    const problem = end === undefined ? this.#state(key).wasThere(true, revision - 1, by) : this.#counted({ key, end }, deleted, by, "deleted");
    if (problem === undefined) this.#remove(request, revision, by);
    return problem;
  }

  #remove({ key, end }: DeleteRequest, revision: number, by: Timed): void {
    for (const name of end === undefined ? [key] : this.#keys.within(key, end)) {
      const state = this.#state(name);
      if (state.value !== null || state.canBePut) state.remove(revision, by);
    }
  }

  /** How many keys there are in a range, give or take those that changes of unknown outcome leave open. */
  #counted({ key, end }: { readonly key: string; readonly end: string }, many: number, by: Timed, verb: "counts" | "deleted"): Problem | undefined {
    const states = this.#keys.within(key, end).map((name) => this.#state(name));
    const there = states.filter(({ value }) => value !== null);
    const most = there.length + states.filter(({ value, canBePut }) => value === null && canBePut).length;
    const least = there.filter(({ canBeDeleted }) => !canBeDeleted).length;
    if (many >= least && many <= most) return undefined;
    return { rule: "wrong answer", sentence: `${named(by)} ${verb} ${many} keys, and there were ${there.length}`, others: there.slice(0, 3).map((state) => state.by), expected: `${there.length} keys`, seen: `${many} keys` };
  }

  #playTxn(txn: OperationOf<"txn">, revision: number, by: Timed): Problem | undefined {
    // Compares are of the state before its own changes.
    const before = changedStore(txn) ? revision - 1 : revision;
    const problem = txn.succeeded === true ? this.#succeeded(txn, before, by) : this.#failed(txn, before, by);
    return problem ?? this.#playParts(partsDone(txn), txn.responses ?? [], revision, by);
  }

  #succeeded({ compares }: OperationOf<"txn">, revision: number, by: Timed): Problem | undefined {
    for (const compare of compares) {
      const state = this.#state(compare.key);
      if (holds(compare, state) !== false || state.mayHaveChanged(revision, by)) continue;
      return { rule: "wrong compare", sentence: `${named(by)} succeeded, and ${stateText(state)} at revision ${revision}`, others: [state.by], expected: stateText(state) };
    }
    return undefined;
  }

  #failed({ compares }: OperationOf<"txn">, revision: number, by: Timed): Problem | undefined {
    const states = compares.map(({ key }) => this.#state(key));
    if (!compares.every((compare, index) => { const state = states[index]; return state !== undefined && holds(compare, state) === true; })) return undefined;
    const [state, ...others] = states;
    if (others.some(({ canBePut, canBeDeleted }) => canBePut || canBeDeleted) || state?.mayHaveChanged(revision, by)) return undefined;
    return { rule: "wrong compare", sentence: `${named(by)} did not succeed, and at revision ${revision} ${states.map(stateText).join(", and ") || "it compared nothing"}`, others: states.map((each) => each.by) };
  }

  #playParts(parts: readonly TxnPart[], answers: readonly TxnPartAnswer[], revision: number, by: Timed): Problem | undefined {
    for (const [index, part] of parts.entries()) {
      const problem = this.#playPart(part, answers[index], revision, by);
      if (problem !== undefined) return problem;
    }
    return undefined;
  }

  #playPart(part: TxnPart, answer: TxnPartAnswer | undefined, revision: number, by: Timed): Problem | undefined {
    switch (part.op) {
      case "put":
        this.#state(part.key).put(part.value, revision, by);
        return undefined;
      case "get":
        return answer?.op === "get" ? this.#got(part.key, answer, part.atRevision ?? revision, by) : undefined;
      case "range":
        return answer?.op === "range" ? this.#ranged(part, answer, part.atRevision ?? revision, by) : undefined;
      case "delete":
        if (answer?.op === "delete") return this.#deleted(part, answer.deleted, revision, by);
        return void this.#remove(part, revision, by);
    }
  }

  /** A write of unknown outcome, at the revision at which it was seen to have happened. */
  #playUnknown(timed: Timed, { revision, succeeded, seenBy }: Happened): Problem | undefined {
    const { operation } = timed;
    if (operation.op === "put") this.#state(operation.key).put(operation.value, revision, timed);
    if (operation.op !== "txn") return undefined;
    if (succeeded === undefined) return void this.#putBoth(operation, revision, timed);
    const problem = succeeded ? this.#succeeded(operation, revision - 1, timed) : this.#failed(operation, revision - 1, timed);
    if (problem !== undefined) return { ...problem, others: [seenBy, ...problem.others] };
    return this.#playParts(succeeded ? operation.success : operation.failure, [], revision, timed);
  }

  /** Either branch may have been done: what both put is certain. */
  #putBoth({ success, failure }: OperationOf<"txn">, revision: number, timed: Timed): void {
    for (const part of success) {
      if (part.op === "put" && failure.some((other) => other.op === "put" && other.key === part.key && other.value === part.value)) this.#state(part.key).put(part.value, revision, timed);
    }
  }
}

function stateText({ key, value, mod }: KeyState): string {
  if (value === null) return mod === 0 ? `${key} had never been written` : `${key} was not there`;
  return `${key} had ${value} of revision ${mod}`;
}
