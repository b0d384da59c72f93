import { isDeepStrictEqual } from "node:util";
import type { Operation, Request } from "../../src/recording/operation.ts";
import { Store } from "./store.ts";

/**
 * Whether a small history can have come about: tries every order in which the operations can have happened on a
 * store, with every revision at which those of unknown outcome can have. Takes time without bound.
 */
export function canHaveHappened(history: readonly Operation[]): boolean {
  const operations = history.filter(({ outcome }) => outcome !== "fail");
  const highest = Math.max(1, ...operations.flatMap((each) => (each.outcome === "ok" ? [each.revision ?? 0] : [])));
  return search({ left: operations, store: new Store(), highest });
}

interface Situation {
  readonly left: readonly Operation[];
  readonly store: Store;
  readonly highest: number;
}

function search(situation: Situation): boolean {
  const { left, store, highest } = situation;
  const certain = left.filter(({ outcome }) => outcome === "ok");
  if (certain.length === 0) return true;
  const firstReturnNs = Math.min(...certain.map(({ returnNs }) => returnNs));
  return left.some((each) => {
    const rest = left.filter((other) => other !== each);
    if (each.outcome === "info") {
      if (each.invokeNs > firstReturnNs) return false;
      for (let revision = store.revision; revision < highest; revision += 1) {
        const next = store.copy();
        next.skipTo(revision);
        next.perform(requestOf(each));
        if (next.revision > revision && search({ left: rest, store: next, highest })) return true;
      }
      return false;
    }
    if (each.invokeNs > firstReturnNs) return false;
    const next = fitting(each, store);
    return next !== undefined && search({ left: rest, store: next, highest });
  });
}

/** The store after an operation that was answered so; undefined if it cannot answer so now. */
function fitting(operation: Operation, store: Store): Store | undefined {
  const request = requestOf(operation);
  const revision = operation.revision ?? 0;
  for (const skipTo of isOld(operation) ? [Math.max(store.revision, revision)] : [revision, revision - 1]) {
    if (skipTo < store.revision) continue;
    const next = store.copy();
    next.skipTo(skipTo);
    const answer = isOld(operation) ? next.perform(request, revision) : next.perform(request);
    if (typeof answer !== "string" && isDeepStrictEqual(answer, answerOf(operation))) return next;
  }
  return undefined;
}

function isOld(operation: Operation): boolean {
  return "serializable" in operation && operation.serializable === true;
}

function answerOf({ process, client, member, intendedNs, invokeNs, returnNs, outcome, error, ...answer }: Operation): unknown {
  return answer;
}

function requestOf(operation: Operation): Request {
  const { op } = operation;
  switch (op) {
    case "put":
      return { op, key: operation.key, value: operation.value };
    case "get":
    case "range": {
      const { serializable, atRevision } = operation;
      const mode = { ...(serializable === undefined ? {} : { serializable }), ...(atRevision === undefined ? {} : { atRevision }) };
      if (op === "get") return { op, key: operation.key, ...mode };
      return { op, key: operation.key, end: operation.end, ...(operation.limit === undefined ? {} : { limit: operation.limit }), ...mode };
    }
    case "delete":
      return { op, key: operation.key, ...(operation.end === undefined ? {} : { end: operation.end }) };
    case "txn":
      return { op, compares: operation.compares, success: operation.success, failure: operation.failure };
    case "compact":
      return { op, atRevision: operation.atRevision };
    default:
      throw new Error(`this checker has no ${op}`);
  }
}
