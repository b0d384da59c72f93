import type { Operation } from "../recording/operation.ts";
import type { Finding } from "./finding.ts";
import { mayBeOld } from "./revisions/changes.ts";
import { byInvocation } from "./revisions/real-time.ts";
import { wentBack, type BeganAnew } from "./revisions/went-back.ts";
import { checkStrictSerializable } from "./strict-serializable.ts";

/**
 * Whether each serializable read found a state that there was, and no client went back in time on one member, as
 * long as that member's process lived. Which states there were follows from the history as a whole: where
 * that breaks elsewhere, nothing can be said.
 */
export function checkSerializable(history: readonly Operation[], beganAnew: BeganAnew): Finding {
  const operations = byInvocation(history);
  const reads = operations.filter((operation) => operation.outcome === "ok" && mayBeOld(operation));
  const whole = checkStrictSerializable(operations);
  if (whole.kind === "violated" && !mayBeOld(whole.illegal)) return { kind: "unknown", because: `which states there were is not known: ${whole.sentence}`, checked: 0, of: reads.length };
  if (whole.kind !== "ok") return whole;
  return wentBack(operations, beganAnew) ?? { kind: "ok", checked: reads.length };
}
