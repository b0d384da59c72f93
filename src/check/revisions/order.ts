import { changedStore } from "./changes.ts";
import type { Timed } from "./real-time.ts";

/** What happened, in order of the revision that it made or saw; at one revision its change comes first. */
export function byRevision(all: readonly Timed[]): Timed[] {
  const order = new Float64Array(all.length);
  let length = 0;
  for (const [index, timed] of all.entries()) {
    const place = placeOf(timed);
    // Revision, change or not, and index in one number: sorting numbers is ten times as fast as comparing operations.
    if (place !== undefined) order[length++] = place * all.length + index;
  }
  const sorted: Timed[] = [];
  for (const place of order.subarray(0, length).sort()) {
    const timed = all[place % all.length];
    if (timed !== undefined) sorted.push(timed);
  }
  return sorted;
}

function placeOf(timed: Timed): number | undefined {
  if (timed.happened === undefined && timed.operation.outcome !== "ok") return undefined;
  return 2 * stateRevision(timed) + (timed.happened !== undefined || changedStore(timed.operation) ? 0 : 1);
}

/** The revision that an operation made, or whose state it saw. */
export function stateRevision({ operation, happened }: Timed): number {
  if (happened !== undefined) return happened.revision;
  return ((operation.op === "get" || operation.op === "range" ? operation.atRevision : undefined) ?? operation.revision) ?? 0;
}
