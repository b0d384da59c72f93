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
      state = new KeyState(key, this.#hidden);
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
    for (const name of this.#keys.within(key, isCut && last !== undefined ? `${last}\0` : end)) {
      const found = kvs[next]?.key === name ? kvs[next] : undefined;
      if (found !== undefined) next += 1;
      const problem = found === undefined ? this.#state(name).foundAbsent(revision, by) : this.#state(name).found(found, revision, by);
      if (problem !== undefined) return problem;
    }
    if (next < kvs.length) return { rule: "wrong answer", sentence: `${named(by)} is answered ${String(kvs[next]?.key)}, which is out of order or out of the range`, keys: [], others: [] };
    return isCut && count !== undefined ? this.#counted({ key, end }, count, revision, by) : undefined;
  }

  /** What is deleted was there, and is there no more. */
  #deleted(request: DeleteRequest, deleted: number, revision: number, by: Timed): Problem | undefined {
    const { key, end } = request;
    // With nothing deleted it has no revision of its own, and tells of the one that others made.
    const problem = this.#counted({ key, end: end ?? `${key}\0` }, deleted, changedStore(by.operation) ? revision - 1 : revision, by);
    if (problem === undefined && deleted > 0) this.#remove(request, revision, by);
    return problem;
  }

  #remove({ key, end }: DeleteRequest, revision: number, by: Timed): void {
    for (const name of end === undefined ? [key] : this.#keys.within(key, end)) {
      const state = this.#state(name);
      if (state.value !== null || state.hasDoubts) state.remove(revision, by);
    }
  }

  /** How many keys there are in a range, give or take those that changes of unknown outcome leave open. */
  #counted({ key, end }: { readonly key: string; readonly end: string }, many: number, revision: number, by: Timed): Problem | undefined {
    const states = this.#keys.within(key, end).map((name) => this.#state(name));
    const most = states.filter((state) => state.canHaveBecome(true, revision, by)).length;
    const least = states.filter((state) => !state.canHaveBecome(false, revision, by)).length;
    if (many >= least && many <= most) {
      // All or none: then it is known of each.
      if (many > 0 && many < states.length) {
        if (least < most) this.#hidden.leaveOpen();
        return undefined;
      }
      return firstOf(states, (state) => state.wasThere(many > 0, revision, by));
    }
    const there = states.filter(({ value }) => value !== null);
    const keys = states.map((state) => state.key);
    return { rule: "wrong answer", sentence: `${named(by)} tells of ${many} keys, and at revision ${revision} there were ${there.length}`, keys, others: there.slice(0, 3).map((state) => state.by), expected: `${there.length} keys`, seen: `${many} keys` };
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
      const held = holds(compare, state);
      if (held === undefined) this.#hidden.leaveOpen();
      if (held !== false || state.mayHaveChanged(revision, by)) continue;
      return { rule: "wrong compare", sentence: `${named(by)} succeeded, and ${stateText(state)} at revision ${revision}`, keys: [compare.key], others: [state.by], expected: stateText(state) };
    }
    return undefined;
  }

  #failed({ compares }: OperationOf<"txn">, revision: number, by: Timed): Problem | undefined {
    const states = compares.map(({ key }) => this.#state(key));
    const held = compares.map((compare) => holds(compare, this.#state(compare.key)));
    if (held.includes(undefined)) this.#hidden.leaveOpen();
    if (!held.every((each) => each === true)) return undefined;
    const doubtful = states.filter(({ hasDoubts }) => hasDoubts);
    // Of several it is not known which was changed.
    if (doubtful.length > 1) this.#hidden.leaveOpen();
    if (doubtful.length > 1 || doubtful[0]?.mayHaveChanged(revision, by)) return undefined;
    const were = states.map(stateText).join(", and ") || "it compared nothing";
    return { rule: "wrong compare", sentence: `${named(by)} did not succeed, and at revision ${revision} ${were}`, keys: states.map(({ key }) => key), others: states.map((each) => each.by) };
  }

  #playParts(parts: readonly TxnPart[], answers: readonly TxnPartAnswer[], revision: number, by: Timed): Problem | undefined {
    const indexes = [...parts.keys()];
    return firstOf(indexes, (index) => { const part = parts[index]; return part && this.#playPart(part, answers[index], revision, by); });
  }

  #playPart(part: TxnPart, answer: TxnPartAnswer | undefined, revision: number, by: Timed): Problem | undefined {
    // What a transaction reads of the past is of another moment than the one that the replay has come to; it is not looked at.
    if ((part.op === "get" || part.op === "range") && part.atRevision !== undefined && part.atRevision !== revision) return undefined;
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

  /** A write of unknown outcome, at the revision at which it was seen to have happened, or is taken to have. */
  #playUnknown(timed: Timed, { revision, succeeded, seenBy }: Happened): Problem | undefined {
    const { operation } = timed;
    if (operation.op === "put" || operation.op === "delete") return this.#playPart(operation, undefined, revision, timed);
    if (operation.op !== "txn") return undefined;
    if (succeeded === undefined && this.#hidden.hasUnknown) return void this.#putBoth(operation, revision, timed);
    if (succeeded === undefined) return this.#playParts(this.#branch(operation), [], revision, timed);
    const problem = succeeded ? this.#succeeded(operation, revision - 1, timed) : this.#failed(operation, revision - 1, timed);
    if (problem !== undefined) return { ...problem, others: [seenBy, ...problem.others] };
    return this.#playParts(succeeded ? operation.success : operation.failure, [], revision, timed);
  }

  /** What a transaction does where all is known. */
  #branch({ compares, success, failure }: OperationOf<"txn">): readonly TxnPart[] {
    return compares.every((compare) => holds(compare, this.#state(compare.key)) === true) ? success : failure;
  }

  /** Either branch may have been done: what both put is certain. */
  #putBoth({ success, failure }: OperationOf<"txn">, revision: number, timed: Timed): void {
    this.#hidden.leaveOpen();
    for (const part of success) {
      if (part.op === "put" && failure.some((other) => other.op === "put" && other.key === part.key && other.value === part.value)) this.#state(part.key).put(part.value, revision, timed);
    }
  }
}

function firstOf<Item>(items: readonly Item[], check: (item: Item) => Problem | undefined): Problem | undefined {
  for (const item of items) {
    const problem = check(item);
    if (problem !== undefined) return problem;
  }
  return undefined;
}

function stateText({ key, value, mod }: KeyState): string {
  if (value === null) return mod === 0 ? `${key} had never been written` : `${key} was not there`;
  return `${key} had ${value} of revision ${mod}`;
}
