import { elementsOf, emptyList, listText } from "../../../src/recording/list-value.ts";
import type { Operation, OperationOf } from "../../../src/recording/operation.ts";

/** Whose request an element is of: all that one appends have the same number. */
export type OwnerOf = (element: string) => number;

/**
 * Whether a small history of the workload append can have come about, by its lists and real time and without its
 * revisions: tries every order of its operations. Takes time without bound.
 */
export function canHaveHappened(history: readonly Operation[], ownerOf: OwnerOf): boolean {
  return search(history.filter(({ outcome }) => outcome !== "fail"), new Map(), ownerOf);
}

type Lists = ReadonlyMap<string, string>;

function search(left: readonly Operation[], lists: Lists, ownerOf: OwnerOf): boolean {
  const certain = left.filter(({ outcome }) => outcome === "ok");
  if (certain.length === 0) return true;
  const firstReturnNs = Math.min(...certain.map(({ returnNs }) => returnNs));
  return left.some((each) => {
    // Those of unknown outcome need not happen at all: they are left over then.
    if (each.invokeNs > firstReturnNs) return false;
    const next = after(each, lists, ownerOf);
    return next !== undefined && search(left.filter((other) => other !== each), next, ownerOf);
  });
}

function after(operation: Operation, lists: Lists, ownerOf: OwnerOf): Lists | undefined {
  if (operation.op === "range") return (operation.kvs ?? []).length === lists.size && (operation.kvs ?? []).every(({ key, value }) => lists.get(key) === value) ? lists : undefined;
  if (operation.op !== "txn") return undefined;
  return reads(operation, lists) ? puts(operation, lists, ownerOf) : undefined;
}

function reads({ outcome, succeeded, success, failure, responses = [] }: OperationOf<"txn">, lists: Lists): boolean {
  if (outcome !== "ok") return true;
  return (succeeded === true ? success : failure).every((part, index) => {
    const answer = responses[index];
    return part.op !== "get" || answer?.op !== "get" || (answer.value ?? emptyList) === (lists.get(part.key) ?? emptyList);
  });
}

function puts({ outcome, succeeded, success }: OperationOf<"txn">, lists: Lists, ownerOf: OwnerOf): Lists | undefined {
  if (outcome === "ok" && succeeded !== true) return lists;
  const next = new Map(lists);
  for (const part of success) {
    if (part.op !== "put") continue;
    const elements = elementsOf(part.value);
    const owner = ownerOf(elements.at(-1) ?? "");
    const before = elements.filter((element) => ownerOf(element) !== owner);
    if (listText(before) !== (lists.get(part.key) ?? emptyList)) return undefined;
    next.set(part.key, part.value);
  }
  return next;
}
