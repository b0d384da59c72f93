import { isInteger, isKeyOf, isListOf, isLoose, isOptional, isString, type Loose } from "../loose.ts";
import {
  isDelete, isGet, isPut, isRange,
  type DeleteAnswer, type DeleteRequest, type GetAnswer, type GetRequest, type PutRequest, type RangeAnswer, type RangeRequest,
} from "./key-value.ts";

/** How two values are to be to each other. */
export type Relation = "=" | "!=" | "<" | ">";

/** What must hold of a key. One that is not there has the revisions and the version 0, and no value that could be compared. */
export type Compare =
  | { readonly key: string; readonly target: "value"; readonly is: Relation; readonly to: string }
  | { readonly key: string; readonly target: "mod" | "create" | "version"; readonly is: Relation; readonly to: number };

/** What a transaction does, in order; a read in it sees what was written before it. */
export type TxnPart = PutRequest | GetRequest | RangeRequest | DeleteRequest;

/** What one part was answered. */
export type TxnPartAnswer = { readonly op: "put" } | ({ readonly op: "get" } & GetAnswer) | ({ readonly op: "range" } & RangeAnswer) | ({ readonly op: "delete" } & DeleteAnswer);

/** Does `success` where all compares hold, and `failure` otherwise. All that it changes has one revision. */
export interface TxnRequest {
  readonly op: "txn";
  readonly compares: readonly Compare[];
  readonly success: readonly TxnPart[];
  readonly failure: readonly TxnPart[];
}

export interface TxnAnswer {
  /** Whether all compares held. */
  readonly succeeded: boolean;
  /** One for each part that was done, in order. */
  readonly responses: readonly TxnPartAnswer[];
}

/**
 * Writes the value if the key's last change was at `modRevision` (0: if there is no such key), and
 * reads the key otherwise.
 */
export function compareAndSwap(key: string, modRevision: number, value: string): TxnRequest {
  return { op: "txn", compares: [{ key, target: "mod", is: "=", to: modRevision }], success: [{ op: "put", key, value }], failure: [{ op: "get", key }] };
}

/** Whether a parsed line has what a transaction's line has to have. */
export function isTxn({ compares, success, failure, succeeded, responses }: Loose<TxnRequest & TxnAnswer>): boolean {
  return (
    isListOf(isCompare, compares) && isListOf(isPart, success) && isListOf(isPart, failure) &&
    isOptional((value) => typeof value === "boolean", succeeded) && isOptional((list) => isListOf(isPartAnswer, list), responses)
  );
}

const relations: Readonly<Record<Relation, true>> = { "=": true, "!=": true, "<": true, ">": true };
const targets: Readonly<Record<Compare["target"], true>> = { value: true, mod: true, create: true, version: true };
const parts: { readonly [Op in TxnPart["op"]]: (part: object) => boolean } = { put: isPut, get: isGet, range: isRange, delete: isDelete };

function isCompare(value: unknown): boolean {
  if (!isLoose<Compare>(value)) return false;
  const { key, target, is, to } = value;
  return isString(key) && isKeyOf(targets, target) && isKeyOf(relations, is) && (target === "value" ? isString(to) : isInteger(to));
}

function isPart(value: unknown): boolean {
  return isLoose<TxnPart>(value) && isKeyOf(parts, value.op) && parts[value.op](value);
}

function isPartAnswer(value: unknown): boolean {
  if (!isLoose<{ op: unknown; value: unknown; kvs: unknown; deleted: unknown }>(value)) return false;
  switch (value.op) {
    case "put":
      return true;
    case "get":
      return value.value !== undefined && isGet({ key: "", ...value });
    case "range":
      return value.kvs !== undefined && isRange({ key: "", end: "", ...value });
    case "delete":
      return isInteger(value.deleted);
    default:
      return false;
  }
}
