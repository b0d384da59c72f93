import type { Operation } from "../recording/operation.ts";
import type { Finding, Violated } from "./finding.ts";
import { mayBeOld } from "./revisions/changes.ts";
import { named, violatedAt } from "./revisions/problem.ts";
import { byInvocation, inRealTime, type Timed } from "./revisions/real-time.ts";
import { wentBack, type BeganAnew } from "./revisions/went-back.ts";

/** A stretch of time in which the store was exchanged for an older one, in nanoseconds. */
export interface Rewind {
  readonly fromNs: number;
  readonly toNs: number;
}

/**
 * Whether the revisions in answers never go back. An answer that takes a quorum is at no lower revision than any that anybody
 * had been given before it was asked for, through whichever member. One that a member gives alone is at no lower
 * revision than the same client was given before by the same member, while its process lives. Values are not looked at, so
 * it takes little time, and holds for operations of any kind. Across a rewind nothing is compared.
 */
export function checkMonotonicRevision(history: readonly Operation[], beganAnew: BeganAnew, rewinds: readonly Rewind[] = []): Finding {
  let checked = 0;
  for (const stretch of between(rewinds, byInvocation(history))) {
    const inTime = inRealTime(stretch).filter(({ operation: { outcome, revision } }) => outcome === "ok" && revision !== undefined);
    const violated = outOfTime(inTime) ?? wentBack(inTime, beganAnew);
    if (violated !== undefined) return violated;
    checked += inTime.length;
  }
  return { kind: "ok", checked };
}

/** The operations before, between and after rewinds; one that was under way during one may be of either store. */
function between(rewinds: readonly Rewind[], operations: readonly Operation[]): (readonly Operation[])[] {
  if (rewinds.length === 0) return [operations];
  const sorted = rewinds.toSorted((a, b) => a.fromNs - b.fromNs);
  const begins = [-Infinity, ...sorted.map(({ toNs }) => toNs)];
  const ends = [...sorted.map(({ fromNs }) => fromNs), Infinity];
  return begins.map((beginNs, index) => operations.filter(({ invokeNs, returnNs }) => invokeNs >= beginNs && returnNs <= (ends[index] ?? Infinity)));
}

function outOfTime(inTime: readonly Timed[]): Violated | undefined {
  const back = inTime.find(({ operation, floor }) => !mayBeOld(operation) && (operation.revision ?? 0) < floor);
  return back && violatedAt(back, { rule: "revision went back", sentence: sentenceOf(back), keys: [], others: [back.floorBy], expected: `revision ${back.floor} or later`, seen: `revision ${back.operation.revision ?? 0}` });
}

function sentenceOf(back: Timed): string {
  const { operation, floor, floorBy } = back;
  const before = floorBy === undefined ? "the store was empty" : `${named(floorBy)} had been answered revision ${floor}`;
  return `${named(back)} is answered revision ${operation.revision ?? 0}, and it began after ${before}`;
}
