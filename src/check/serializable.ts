import type { Operation } from "../recording/operation.ts";
import type { Finding } from "./finding.ts";
import { mayBeOld } from "./revisions/changes.ts";
import { named, violatedAt } from "./revisions/problem.ts";
import { byInvocation, inRealTime, type Timed } from "./revisions/real-time.ts";
import { checkStrictSerializable } from "./strict-serializable.ts";

/** Whether a member's process began anew between two moments, in nanoseconds: it may know less then than before. */
export type BeganAnew = (member: string, fromNs: number, toNs: number) => boolean;

/**
 * Whether each serializable read found a state that there was, and no client went back in time on one member, as
 * long as that member's process lived. Which states there were follows from the history as a whole: where
 * that breaks elsewhere, nothing can be said.
 */
export function checkSerializable(history: readonly Operation[], beganAnew: BeganAnew): Finding {
  const operations = byInvocation(history);
  const reads = operations.filter((operation) => operation.outcome === "ok" && isOldRead(operation));
  const whole = checkStrictSerializable(operations);
  if (whole.kind === "violated" && !isOldRead(whole.illegal)) return { kind: "unknown", because: `which states there were is not known: ${whole.sentence}`, checked: 0, of: reads.length };
  if (whole.kind !== "ok") return whole;
  return wentBack(operations, beganAnew) ?? { kind: "ok", checked: reads.length };
}

/** Whether it reads keys, and a member may answer it alone. */
function isOldRead(operation: Operation): boolean {
  return mayBeOld(operation) && !operation.op.startsWith("lease-");
}

/** A serializable read of an older revision than the same client was answered before by the same member. */
function wentBack(operations: readonly Operation[], beganAnew: BeganAnew): Finding | undefined {
  const last = new Map<string, Timed>();
  for (const timed of inRealTime(operations)) {
    const { client, member, outcome, revision = 0 } = timed.operation;
    if (outcome !== "ok") continue;
    const name = `${client} ${member}`;
    const before = last.get(name);
    const newest = before?.operation.revision ?? 0;
    if (before !== undefined && isOldRead(timed.operation) && revision < newest && !beganAnew(member, before.operation.invokeNs, timed.operation.returnNs)) {
      const sentence = `${named(timed)} reads at revision ${revision}, and ${named(before)} had been answered revision ${newest} by the same member`;
      return violatedAt(timed, { rule: "went back in time", sentence, keys: [], others: [before], expected: `revision ${newest} or later`, seen: `revision ${revision}` });
    }
    last.set(name, timed);
  }
  return undefined;
}
