import type { Operation, OperationOf } from "../../recording/operation.ts";
import { mayBeOld } from "./changes.ts";
import { named, violatedAt, type Problem } from "./problem.ts";
import type { Violated } from "../finding.ts";
import type { Timed } from "./real-time.ts";

/** What is compacted is gone for whoever asks afterwards, and the future can be neither compacted nor read. */
export function checkCompactions(all: readonly Timed[]): Violated | undefined {
  const compactions = all.filter(({ operation }) => operation.op === "compact" && operation.outcome === "ok").sort((a, b) => a.operation.returnNs - b.operation.returnNs);
  for (const timed of all) {
    const atRevision = wantedRevision(timed.operation);
    if (atRevision === undefined || timed.operation.outcome !== "ok") continue;
    const problem = problemOf(timed, atRevision, compactions);
    if (problem !== undefined) return violatedAt(timed, problem);
  }
  return undefined;
}

function problemOf(timed: Timed, atRevision: number, compactions: readonly Timed[]): Problem | undefined {
  const { operation } = timed;
  const present = operation.revision ?? 0;
  if (atRevision > present) return { rule: "read of the future", sentence: `${named(timed)} is done at revision ${present}, and the one asked for had not come yet`, keys: [], others: [] };
  // A member that has come to a later revision has come by the compaction, whatever the times.
  const isAfter = (each: Timed): boolean => present > (each.operation.revision ?? 0) || (!mayBeOld(operation) && each.operation.returnNs < operation.invokeNs);
  const isGone = (compacted: number): boolean => (operation.op === "compact" ? atRevision <= compacted : atRevision < compacted);
  const gone = compactions.find((each) => isGone(compactedBy(each)) && isAfter(each));
  return gone && { rule: "compacted and there", sentence: `${named(timed)} is done, and ${named(gone)} was done before`, keys: [], others: [gone] };
}

function wantedRevision(operation: Operation): number | undefined {
  return operation.op === "get" || operation.op === "range" || operation.op === "compact" ? operation.atRevision : undefined;
}

function compactedBy({ operation }: Timed): number {
  return isCompaction(operation) ? operation.atRevision : 0;
}

function isCompaction(operation: Operation): operation is OperationOf<"compact"> {
  return operation.op === "compact";
}
