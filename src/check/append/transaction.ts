import { emptyList, isList, wasList } from "../../recording/list-value.ts";
import type { Operation, OperationOf } from "../../recording/operation.ts";
import type { GetAnswer, KeyValue } from "../../recording/operations/key-value.ts";
import type { TxnPart, TxnPartAnswer } from "../../recording/operations/txn.ts";
import { changedStore, mayBeOld, partsDone } from "../revisions/changes.ts";
import type { Keys } from "../revisions/keys.ts";

/** A list as a transaction found it. */
export interface Read {
  readonly key: string;
  readonly list: string;
}

/** A list as a transaction left it. */
export type Put = Read;

/** An operation in terms of lists: which it read, and which it appended to. */
export interface Transaction {
  readonly operation: Operation;
  readonly reads: readonly Read[];
  readonly puts: readonly Put[];
  /** What it would have put and certainly did not: all of a failed one, the other branch of a done one. */
  readonly undone: readonly Put[];
  /** A read of the past, or one that the member answered alone: real time says nothing of it. */
  readonly old: boolean;
}

/** The transaction that an operation is. One of unknown outcome may be either of two, of which one at most happened. */
export function transactionsOf(operation: Operation, keys: Keys): Transaction[] {
  const common = { operation, reads: [], undone: [], puts: [], old: false };
  const branches = branchesOf(operation);
  if (operation.outcome === "fail") return [{ ...common, undone: branches.flat() }];
  if (operation.outcome === "info") return branches.filter((puts) => puts.length > 0).map((puts) => ({ ...common, puts }));
  const old = mayBeOld(operation) || ((operation.op === "get" || operation.op === "range") && operation.atRevision !== undefined);
  const reads = readsOf(operation, keys).filter(({ list }) => isList(list));
  if (operation.op !== "txn") return [{ ...common, reads, puts: branches.flat(), old }];
  const [success = [], failure = []] = branches;
  const [puts, undone] = operation.succeeded === true ? [success, failure] : [failure, success];
  return [{ ...common, reads, puts, undone, old: old && !changedStore(operation) }];
}

/** Whether an operation reads or puts a list that the history has shortened. */
export function isShortened(operation: Operation): boolean {
  switch (operation.op) {
    case "put":
    case "get":
      return wasListOrAbsent(operation.value);
    case "range":
      return operation.kvs?.some(({ value }) => wasList(value)) ?? false;
    case "txn":
      return isAnyPut(operation.success) || isAnyPut(operation.failure) || (operation.responses?.some(isAnswerShortened) ?? false);
    default:
      return false;
  }
}

function isAnyPut(parts: readonly TxnPart[]): boolean {
  return parts.some((part) => part.op === "put" && wasList(part.value));
}

function isAnswerShortened(answer: TxnPartAnswer): boolean {
  if (answer.op === "range") return answer.kvs.some(({ value }) => wasList(value));
  return answer.op === "get" && wasListOrAbsent(answer.value);
}

function wasListOrAbsent(value: string | null | undefined): boolean {
  return typeof value === "string" && wasList(value);
}

function branchesOf(operation: Operation): Put[][] {
  switch (operation.op) {
    case "put":
      return [putsOf([operation])];
    case "txn":
      return [putsOf(operation.success), putsOf(operation.failure)];
    default:
      return [];
  }
}

function putsOf(parts: readonly TxnPart[]): Put[] {
  return parts.flatMap((part) => (part.op === "put" && isList(part.value) ? [{ key: part.key, list: part.value }] : []));
}

function readsOf(operation: Operation, keys: Keys): Read[] {
  switch (operation.op) {
    case "get":
      return [readOf(operation.key, operation)];
    case "range":
      return rangeReads(operation, operation.kvs ?? [], keys);
    case "txn":
      return txnReads(operation, keys);
    default:
      return [];
  }
}

function txnReads(operation: OperationOf<"txn">, keys: Keys): Read[] {
  const parts = partsDone(operation);
  const reads: Read[] = [];
  for (const [index, part] of parts.entries()) {
    // What it read of its own writes says nothing of others.
    const isOwn = ({ key }: Read): boolean => parts.some((before, place) => place < index && before.op === "put" && before.key === key);
    for (const read of partReads(part, operation.responses?.[index], keys)) if (!isOwn(read)) reads.push(read);
  }
  return reads;
}

function partReads(part: TxnPart, answer: TxnPartAnswer | undefined, keys: Keys): Read[] {
  if (part.op === "get" && answer?.op === "get") return [readOf(part.key, answer)];
  return part.op === "range" && answer?.op === "range" ? rangeReads(part, answer.kvs, keys) : [];
}

function readOf(key: string, { value }: Partial<GetAnswer>): Read {
  return { key, list: value ?? emptyList };
}

/** Also of the keys that it did not find, as far as it came. */
function rangeReads({ key, end, limit = 0 }: { readonly key: string; readonly end: string; readonly limit?: number }, kvs: readonly KeyValue[], keys: Keys): Read[] {
  const last = kvs.at(-1)?.key;
  const isCut = limit > 0 && kvs.length >= limit && last !== undefined;
  const found = new Set(kvs.map((each) => each.key));
  const missing = keys.within(key, end).filter((name) => !found.has(name) && !(isCut && name > last));
  return [...kvs.map((each) => readOf(each.key, each)), ...missing.map((name) => readOf(name, { value: null }))];
}
