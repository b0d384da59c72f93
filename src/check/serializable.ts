import type { Operation } from "../recording/operation.ts";
import type { Finding } from "./finding.ts";
import { mayBeOld } from "./revisions/changes.ts";
import { checkCompactionsAlone } from "./revisions/compactions.ts";
import { byInvocation, inRealTime } from "./revisions/real-time.ts";
import { wentBack, type BeganAnew } from "./revisions/went-back.ts";
import { checkStrictSerializable } from "./strict-serializable.ts";

/**
 * Whether each serializable read found a state that there was, no client went back in time on one member, and none was
 * answered what had been compacted through it, as long as that member's process lived. Which states there were follows from the history as a whole: where
 * that breaks elsewhere, nothing can be said.
 *
 * @param whole what the checker of strict serializability found in it
 */
export function checkSerializable(history: readonly Operation[], beganAnew: BeganAnew, whole = checkStrictSerializable(history)): Finding {
  const operations = byInvocation(history);
  const reads = operations.filter((operation) => operation.outcome === "ok" && isOldRead(operation));
  if (whole.kind === "violated" && !isOldRead(whole.illegal)) return { kind: "unknown", because: `which states there were is not known: ${whole.sentence}`, checked: 0, of: reads.length };
  if (whole.kind !== "ok") return whole;
  const inTime = inRealTime(operations);
  return wentBack(inTime, beganAnew) ?? checkCompactionsAlone(inTime, beganAnew) ?? { kind: "ok", checked: reads.length };
}

/** Whether it reads keys, and a member may answer it alone. */
function isOldRead(operation: Operation): boolean {
  return mayBeOld(operation) && !operation.op.startsWith("lease-");
}
