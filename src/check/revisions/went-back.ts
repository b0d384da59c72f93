import type { Violated } from "../finding.ts";
import { mayBeOld } from "./changes.ts";
import { named, violatedAt } from "./problem.ts";
import type { Timed } from "./real-time.ts";

/** Whether a member's process began anew between two moments, in nanoseconds: it may know less then than before. */
export type BeganAnew = (member: string, fromNs: number, toNs: number) => boolean;

/** An answer that a member gave alone, of an older revision than the same client was answered before by the same member. */
export function wentBack(inTime: readonly Timed[], beganAnew: BeganAnew): Violated | undefined {
  if (!inTime.some(({ operation }) => operation.outcome === "ok" && mayBeOld(operation))) return undefined;
  // Maps in a map: putting a name together for each operation took a fifth of a second a million.
  const lastBy = new Map<string, Map<number, Timed>>();
  for (const timed of inTime) {
    const { client, member, outcome, revision = 0 } = timed.operation;
    if (outcome !== "ok") continue;
    const last = lastBy.get(member) ?? new Map<number, Timed>();
    lastBy.set(member, last);
    const before = last.get(client);
    const newest = before?.operation.revision ?? 0;
    if (before !== undefined && mayBeOld(timed.operation) && revision < newest && !beganAnew(member, before.operation.invokeNs, timed.operation.returnNs)) {
      const sentence = `${named(timed)} reads at revision ${revision}, and ${named(before)} had been answered revision ${newest} by the same member`;
      return violatedAt(timed, { rule: "went back in time", sentence, keys: [], others: [before], expected: `revision ${newest} or later`, seen: `revision ${revision}` });
    }
    last.set(client, timed);
  }
  return undefined;
}
