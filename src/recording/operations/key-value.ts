import { isInteger, isListOf, isLoose, isOptional, isString, type Loose } from "../loose.ts";

/** How a read is to be done; linearizable, at the present revision, where nothing is said. */
export interface ReadMode {
  /** Answered by the member alone, so that it may be of the past. */
  readonly serializable?: true;
  /** The state at this revision is asked for, and not the present one. */
  readonly atRevision?: number;
}

/** A key as it was found. */
export interface KeyValue {
  readonly key: string;
  readonly value: string;
  /** Revision of its last change, and of its creation. */
  readonly modRevision: number;
  readonly createRevision: number;
  /** How often it was written since its creation. */
  readonly version: number;
}

export interface PutRequest {
  readonly op: "put";
  readonly key: string;
  readonly value: string;
  /** The lease that the key is attached to: it is deleted with it. */
  readonly lease?: number;
}

/** A put is answered by its revision alone. */
export type PutAnswer = object;

export interface GetRequest extends ReadMode {
  readonly op: "get";
  readonly key: string;
}

/** The revisions are those of a key that was found; recordings before these fields lack the version. */
export interface GetAnswer extends Partial<Omit<KeyValue, "key" | "value">> {
  /** null: there is no such key. */
  readonly value: string | null;
}

/** All keys from `key` on that are less than `end`; of these the first `limit`, where there is one. */
export interface RangeRequest extends ReadMode {
  readonly op: "range";
  readonly key: string;
  readonly end: string;
  readonly limit?: number;
}

export interface RangeAnswer {
  /** In order of their keys. */
  readonly kvs: readonly KeyValue[];
  /** How many there are without a limit. */
  readonly count: number;
}

/** Deletes one key, or all from `key` on that are less than `end`. */
export interface DeleteRequest {
  readonly op: "delete";
  readonly key: string;
  readonly end?: string;
}

export interface DeleteAnswer {
  /** How many keys there were to delete; 0: nothing changed, and no revision was used. */
  readonly deleted: number;
}

/** Whether a parsed line has what a put's line has to have. */
export function isPut({ key, value, lease }: Loose<PutRequest>): boolean {
  return isString(key) && isString(value) && isOptional(isInteger, lease);
}

/** Whether a parsed line has what a get's line has to have. */
export function isGet(line: Loose<GetRequest & GetAnswer>): boolean {
  const { key, value, modRevision, createRevision, version } = line;
  return (
    isString(key) && (value === undefined || value === null || isString(value)) &&
    isOptional(isInteger, modRevision) && isOptional(isInteger, createRevision) && isOptional(isInteger, version) && isReadMode(line)
  );
}

/** Whether a parsed line has what a range's line has to have. */
export function isRange(line: Loose<RangeRequest & RangeAnswer>): boolean {
  const { key, end, limit, kvs, count } = line;
  return (
    isString(key) && isString(end) && isOptional(isInteger, limit) && isReadMode(line) &&
    isOptional((list) => isListOf(isKeyValue, list), kvs) && isOptional(isInteger, count)
  );
}

/** Whether a parsed line has what a delete's line has to have. */
export function isDelete({ key, end, deleted }: Loose<DeleteRequest & DeleteAnswer>): boolean {
  return isString(key) && isOptional(isString, end) && isOptional(isInteger, deleted);
}

function isReadMode({ serializable, atRevision }: Loose<ReadMode>): boolean {
  return isOptional((value) => value === true, serializable) && isOptional(isInteger, atRevision);
}

/** Whether a value that was read is a key as it was found. */
export function isKeyValue(value: unknown): boolean {
  if (!isLoose<KeyValue>(value)) return false;
  return isString(value.key) && isString(value.value) && isInteger(value.modRevision) && isInteger(value.createRevision) && isInteger(value.version);
}
