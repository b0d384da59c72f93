import type { Operation } from "../recording/operation.ts";
import { checkContents } from "./append/contents.ts";
import { worstCycle } from "./append/cycles.ts";
import { dependenciesOf } from "./append/dependencies.ts";
import { cycleFound } from "./append/explain.ts";
import { listHistory } from "./append/history.ts";
import { isShortened } from "./append/transaction.ts";
import type { Finding } from "./finding.ts";
import { covers, mayChange } from "./revisions/changes.ts";
import { Keys } from "./revisions/keys.ts";
import { byInvocation } from "./revisions/real-time.ts";

/**
 * Whether transactions that append to lists and read them are strictly serializable, as Elle (Kingsbury and Alvaro,
 * VLDB 2020) finds out: a list tells the order of its elements and so of the transactions that appended them,
 * and a cycle of such dependencies, or of these and time, is an anomaly with a name. It does
 * not look at revisions at all. Whatever is no list is left out.
 *
 * As long as nothing is wrong it takes time in proportion to the operations and to the lengths of the lists.
 */
export function checkAppend(history: readonly Operation[]): Finding {
  const operations = byInvocation(history);
  const keys = new Keys(operations);
  const unknown = (because: string): Finding => ({ kind: "unknown", because, checked: 0, of: operations.length });
  if (operations.some(isShortened)) return unknown("lists are too long to stand in the history whole");
  const lists = listHistory(operations, keys);
  if (isAnyDeleted(operations, lists.lists.keys())) return unknown("lists were deleted");
  const violated = checkContents(lists);
  if (violated !== undefined) return violated;
  const graph = dependenciesOf(lists);
  const cycle = worstCycle(graph, lists.happened.length);
  return cycle === undefined ? { kind: "ok", checked: lists.happened.length } : cycleFound(cycle, graph, lists);
}

function isAnyDeleted(operations: readonly Operation[], keys: Iterable<string>): boolean {
  const deletes = operations.flatMap((operation) => (operation.outcome !== "fail" && mayDelete(operation) ? mayChange(operation) : [])).filter((part) => part.op === "delete");
  return deletes.length > 0 && [...keys].some((key) => deletes.some((each) => covers(each, key)));
}

function mayDelete(operation: Operation): boolean {
  if (operation.op !== "txn") return operation.op === "delete";
  return [operation.success, operation.failure].some((parts) => parts.some(({ op }) => op === "delete"));
}
