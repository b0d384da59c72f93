import { isInteger, isListOf, isLoose, isNumber, isOptional, isString, type Loose } from "./loose.ts";
import { isKeyValue, type KeyValue } from "./operations/key-value.ts";

/** A key as it was before a change; the key itself is the change's. */
export type Before = Omit<KeyValue, "key">;

/** What every change has. */
interface EventCommon {
  readonly key: string;
  /** The revision of the change. */
  readonly modRevision: number;
  /** The key before the change; only where it was asked for and there was such a key. */
  readonly prev?: Before;
}

/** One change of one key, as a watch tells it. */
export type WatchEvent = (EventCommon & Omit<KeyValue, "key" | "modRevision"> & { readonly type: "put" }) | (EventCommon & { readonly type: "delete" });

interface ResponseCommon {
  /** From 0 on, one for each member that is watched and for each range of keys. */
  readonly watcher: number;
  readonly member: string;
  /** When it was there, in nanoseconds on the run's clock. */
  readonly atNs: number;
}

/** What a watcher asks for each time that it begins, at first and after a cut. */
export interface WatchAsked {
  readonly key: string;
  /** All keys from `key` on that are less than this, `\0` for all; absent: `key` alone. */
  readonly end?: string;
  readonly fromRevision: number;
  readonly prevKv: boolean;
}

/** What a watcher lists first, where it is to: the state of its keys at the revision. */
interface List extends Pick<WatchAsked, "key" | "end"> {
  readonly revision: number;
  /** When it was asked for, on the run's clock. */
  readonly askedNs: number;
  /** In order of their keys. */
  readonly kvs: readonly KeyValue[];
}

/** What came back to a watcher: a line of `watches.jsonl`, described in docs/history.md. `revision` is that of the header. */
export type WatchResponse = ResponseCommon &
  (
    | ({ readonly kind: "listed" } & List)
    | ({ readonly kind: "created"; readonly revision: number } & WatchAsked)
    | { readonly kind: "events"; readonly revision: number; readonly events: readonly WatchEvent[] }
    | { readonly kind: "progress"; readonly revision: number }
    | { readonly kind: "canceled"; readonly revision: number; readonly compactRevision?: number; readonly error: string }
    | { readonly kind: "cut"; readonly error: string }
  );

/** A response of one kind. */
export type WatchResponseOf<Kind extends WatchResponse["kind"]> = Extract<WatchResponse, { readonly kind: Kind }>;

/** Whether a parsed line is what a watcher writes. */
export function isWatchResponse(value: unknown): value is WatchResponse {
  if (!isLoose<ResponseCommon & WatchAsked & List & { kind: unknown; events: unknown; compactRevision: unknown; error: unknown }>(value)) return false;
  const { watcher, member, atNs, kind, revision, askedNs, kvs, events, compactRevision, error } = value;
  if (!isInteger(watcher) || !isString(member) || !isNumber(atNs)) return false;
  switch (kind) {
    case "listed":
      return isInteger(revision) && isNumber(askedNs) && isListOf(isKeyValue, kvs) && isRange(value);
    case "created":
      return isInteger(revision) && isAsked(value);
    case "events":
      return isInteger(revision) && isListOf(isEvent, events);
    case "progress":
      return isInteger(revision);
    case "canceled":
      return isInteger(revision) && isOptional(isInteger, compactRevision) && isString(error);
    case "cut":
      return isString(error);
    default:
      return false;
  }
}

function isRange({ key, end }: Loose<Pick<WatchAsked, "key" | "end">>): boolean {
  return isString(key) && isOptional(isString, end);
}

function isAsked(value: Loose<WatchAsked>): boolean {
  return isRange(value) && isInteger(value.fromRevision) && typeof value.prevKv === "boolean";
}

function isEvent(value: unknown): boolean {
  if (!isLoose<Extract<WatchEvent, { type: "put" }>>(value)) return false;
  const { type, key, value: written, modRevision, createRevision, version, prev } = value;
  const whole = isString(key) && isInteger(modRevision) && isOptional(isBefore, prev);
  return whole && (type === "delete" || (type === "put" && isString(written) && isInteger(createRevision) && isInteger(version)));
}

function isBefore(value: unknown): boolean {
  if (!isLoose<Before>(value)) return false;
  return isString(value.value) && isInteger(value.modRevision) && isInteger(value.createRevision) && isInteger(value.version);
}
