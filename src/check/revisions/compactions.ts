import type { Operation, OperationOf } from "../../recording/operation.ts";
import { mayBeOld } from "./changes.ts";
import { named, violatedAt, type Problem } from "./problem.ts";
import type { Violated } from "../finding.ts";
import type { Timed } from "./real-time.ts";

/** What is compacted is gone for whoever asks afterwards, and the future can be neither compacted nor read. */
export function checkCompactions(all: readonly Timed[]): Violated | undefined {
  const compactions = new Compactions(all.filter(({ operation }) => operation.op === "compact" && operation.outcome === "ok"));
  for (const timed of all) {
    const atRevision = wantedRevision(timed.operation);
    if (atRevision === undefined || timed.operation.outcome !== "ok") continue;
    const problem = problemOf(timed, atRevision, compactions);
    if (problem !== undefined) return violatedAt(timed, problem);
  }
  return undefined;
}

function problemOf(timed: Timed, atRevision: number, compactions: Compactions): Problem | undefined {
  const { operation } = timed;
  const present = operation.revision ?? 0;
  if (atRevision > present) return { rule: "read of the future", sentence: `${named(timed)} is done at revision ${present}, and the one asked for had not come yet`, keys: [], others: [] };
  const { byRevision, byTime } = compactions.firstBeyond(operation.op === "compact" ? atRevision - 1 : atRevision);
  // A member that has come to a later revision has come by the compaction, whatever the times.
  const isBehind = (each: Timed | undefined): boolean => each !== undefined && present > revisionOf(each);
  const isAfter = (each: Timed | undefined): boolean => each !== undefined && !mayBeOld(operation) && each.operation.returnNs < operation.invokeNs;
  const gone = isAfter(byTime) ? byTime : isBehind(byRevision) ? byRevision : undefined;
  return gone && { rule: "compacted and there", sentence: `${named(timed)} is done, and ${named(gone)} was done before`, keys: [], others: [gone] };
}

/** The compactions of a history, by the revision that they are of. */
class Compactions {
  readonly #revisions: readonly number[];
  /** Of each and those of higher revisions the one that was done first, by the store's revision and by its return. */
  readonly #byRevision: readonly Timed[];
  readonly #byTime: readonly Timed[];

  constructor(compactions: readonly Timed[]) {
    const inOrder = [...compactions].sort((a, b) => compactedBy(a) - compactedBy(b));
    this.#revisions = inOrder.map(compactedBy);
    this.#byRevision = leastFrom(inOrder, revisionOf);
    this.#byTime = leastFrom(inOrder, ({ operation }) => operation.returnNs);
  }

  /** Of those that are of a higher revision than this one the first that was done. */
  firstBeyond(revision: number): { readonly byRevision: Timed | undefined; readonly byTime: Timed | undefined } {
    let [low, high] = [0, this.#revisions.length];
    while (low < high) {
      const middle = (low + high) >> 1;
      if ((this.#revisions[middle] ?? Infinity) <= revision) low = middle + 1;
      else high = middle;
    }
    return { byRevision: this.#byRevision[low], byTime: this.#byTime[low] };
  }
}

/** For each the one that has the least of it and those that follow. */
function leastFrom(all: readonly Timed[], of: (timed: Timed) => number): readonly Timed[] {
  const least = [...all];
  for (let index = all.length - 2; index >= 0; index -= 1) {
    const [each, next] = [least[index], least[index + 1]];
    if (each !== undefined && next !== undefined && of(next) < of(each)) least[index] = next;
  }
  return least;
}

function revisionOf({ operation }: Timed): number {
  return operation.revision ?? 0;
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
