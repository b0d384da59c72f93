import { emptyList, fromTheLast } from "../../recording/list-value.ts";
import type { Operation } from "../../recording/operation.ts";
import type { Keys } from "../revisions/keys.ts";
import { List, type Version } from "./lists.ts";
import { transactionsOf, type Read, type Transaction } from "./transaction.ts";

/** A history in terms of lists. */
export interface ListHistory {
  readonly lists: ReadonlyMap<string, List>;
  /**
   * Transactions that happened and read or changed a list, in order of invocation: those that were
   * acknowledged, and of those of unknown outcome the ones whose elements somebody saw.
   */
  readonly happened: readonly Transaction[];
  /** Those with lists that they would have left and certainly did not. */
  readonly undone: readonly Transaction[];
}

/** The lists that a history is about. @param operations in order of invocation */
export function listHistory(operations: readonly Operation[], keys: Keys): ListHistory {
  const found: Transaction[] = [];
  for (const operation of operations) for (const transaction of transactionsOf(operation, keys)) found.push(transaction);
  const written = new Set<string>();
  for (const { puts, undone } of found) for (const parts of [puts, undone]) for (const { key } of parts) written.add(key);
  // A key that is not there may be a list or anything else: what was written to it at some time tells.
  const isOfList = ({ key, list }: Read): boolean => list !== emptyList || written.has(key);
  const all = found
    .map((transaction) => (transaction.reads.every(isOfList) ? transaction : { ...transaction, reads: transaction.reads.filter(isOfList) }))
    .filter(({ reads, puts, undone }) => reads.length + puts.length + undone.length > 0);
  const lists = new Lists();
  lists.noteAppends(all);
  for (const transaction of all) if (transaction.operation.outcome === "ok") lists.happen(transaction);
  return { lists: lists.byKey, happened: all.filter((transaction) => lists.hasHappened(transaction)), undone: all.filter(({ undone }) => undone.length > 0) };
}

class Lists {
  readonly byKey = new Map<string, List>();
  readonly #happened = new Set<Transaction>();

  noteAppends(all: readonly Transaction[]): void {
    for (const by of all) for (const { key, list } of by.puts) this.#list(key).addLast(list, by);
    for (const by of all) for (const { key, list } of by.puts) this.#list(key).addOthers(list, by);
  }

  /** What a transaction found or left shows that others happened, and so on. */
  happen(first: Transaction): void {
    const open = [first];
    for (let transaction = open.pop(); transaction !== undefined; transaction = open.pop()) {
      if (this.#happened.has(transaction)) continue;
      this.#happened.add(transaction);
      for (const { key, list } of transaction.reads) open.push(...this.#shown(key, this.#list(key).show(list, transaction, true), transaction));
      for (const { key, list } of transaction.puts) open.push(...this.#shown(key, this.#list(key).show(list, transaction, false), transaction));
    }
  }

  hasHappened(transaction: Transaction): boolean {
    return this.#happened.has(transaction);
  }

  /** Whose elements a new content has, back to one of somebody else that had happened: what is before that has been shown by it. */
  #shown(key: string, version: Version | undefined, by: Transaction): readonly Transaction[] {
    if (version === undefined) return [];
    const { appends } = this.#list(key);
    const shown: Transaction[] = [];
    for (const element of fromTheLast(version.list)) {
      const writer = appends.get(element)?.by;
      if (writer === undefined || writer === by) continue;
      if (this.#happened.has(writer)) break;
      shown.push(writer);
    }
    return shown;
  }

  #list(key: string): List {
    let list = this.byKey.get(key);
    if (list === undefined) {
      list = new List(key);
      this.byKey.set(key, list);
    }
    return list;
  }
}
