import type { Operation } from "../recording/operation.ts";
import { checkContents } from "./append/contents.ts";
import { worstCycle } from "./append/cycles.ts";
import { dependenciesOf } from "./append/dependencies.ts";
import { cycleFound } from "./append/explain.ts";
import { listHistory } from "./append/history.ts";
import { isShortened } from "./append/transaction.ts";
import type { Finding } from "./finding.ts";
import { Deletes } from "./revisions/deletes.ts";
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
  const deletes = new Deletes(operations);
  if ([...lists.lists.keys()].some((key) => deletes.latestOf(key) > -Infinity)) return unknown("lists were deleted");
  const violated = checkContents(lists);
  if (violated !== undefined) return violated;
  const graph = dependenciesOf(lists);
  const cycle = worstCycle(graph, lists.happened.length);
  return cycle === undefined ? { kind: "ok", checked: lists.happened.length } : cycleFound(cycle, graph, lists);
}
