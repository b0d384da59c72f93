import type { Operation } from "../../recording/operation.ts";
import type { KeyValue } from "../../recording/operations/key-value.ts";
import { isBelow, mayBeOld } from "./changes.ts";
import type { Timed } from "./real-time.ts";

/** A range that was answered, as a look at all keys in it. */
export interface Look {
  readonly timed: Timed;
  /** It shows the state of this revision. */
  readonly revision: number;
  /** By key. */
  readonly found: ReadonlyMap<string, KeyValue>;
  /** Whether it would show a key that is there: a page ends with its last key. */
  covers(key: string): boolean;
}

/** The look that an operation is; undefined for all others. */
export function lookOf(timed: Timed): Look | undefined {
  const { operation } = timed;
  if (operation.op !== "range" || operation.outcome !== "ok" || operation.revision === undefined) return undefined;
  const { key: from, end, limit = 0, kvs = [], atRevision, revision } = operation;
  const last = limit > 0 && kvs.length >= limit ? kvs.at(-1)?.key : undefined;
  return {
    timed,
    revision: atRevision ?? revision,
    found: new Map(kvs.map((each) => [each.key, each])),
    covers: (key) => key >= from && isBelow(key, end) && (last === undefined || key <= last),
  };
}

/** Whether an answer has to be of the present: no member may answer it alone, and no revision was asked for. */
export function isOfNow(operation: Operation): boolean {
  return !mayBeOld(operation) && !((operation.op === "get" || operation.op === "range") && operation.atRevision !== undefined);
}
