import { emptyList, isList, wasList } from "../../recording/list-value.ts";
import type { Operation, OperationOf } from "../../recording/operation.ts";
import type { GetAnswer, KeyValue } from "../../recording/operations/key-value.ts";
import type { TxnPart, TxnPartAnswer } from "../../recording/operations/txn.ts";
import { mayBeOld, partsDone } from "../revisions/changes.ts";
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
  const branches = branchesOf(operation);
  if (operation.outcome === "fail") return [{ operation, reads: [], puts: none, undone: branches.flat(), old: false }];
  if (operation.outcome === "info") return branches.filter((puts) => puts.length > 0).map((puts) => ({ operation, reads: [], puts, undone: none, old: false }));
  const reads = readsOf(operation, keys).filter(({ list }) => isList(list));
  const [success = none, failure = none] = branches;
  const [puts, undone] = operation.op !== "txn" || operation.succeeded === true ? [success, failure] : [failure, success];
  const old = (operation.op === "get" || operation.op === "range") && operation.atRevision !== undefined;
  return [{ operation, reads, puts, undone, old: old || (puts.length === 0 && mayBeOld(operation)) }];
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

function branchesOf(operation: Operation): (readonly Put[])[] {
  switch (operation.op) {
    case "put":
      return [putsOf([operation])];
    case "txn":
      return [putsOf(operation.success), putsOf(operation.failure)];
    default:
      return [];
  }
}

const none: readonly Put[] = [];

function putsOf(parts: readonly TxnPart[]): readonly Put[] {
  let puts: Put[] | undefined;
  for (const part of parts) if (part.op === "put" && isList(part.value)) (puts ??= []).push({ key: part.key, list: part.value });
  return puts ?? none;
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
  const reads: Read[] = [];
  for (const [index, part] of partsDone(operation).entries()) reads.push(...partReads(part, operation.responses?.[index], keys));
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
