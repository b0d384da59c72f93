import type { Clock } from "../clock.ts";
import type { Killable, Member, MemberState, Restartable, Stoppable } from "../cluster/member.ts";
import { capabilities } from "../cluster/member.ts";
import { HarnessError } from "../errors.ts";
import type { Proof } from "../recording/events.ts";
import { formatDuration } from "../units/duration.ts";
import { undoAfter } from "./each.ts";
import { Downed } from "./downed.ts";
import { orderlyExits, stopInOrder } from "./orderly-end.ts";
import { readProcess, untilProcessAnswers, type ProcessReading } from "./process-metrics.ts";

export type Restarted = Member & Killable & Stoppable & Restartable;

/** @throws HarnessError `fault` for a member that cannot be ended and started */
export function restartable(member: Member): Restarted {
  if (capabilities.kill(member) && capabilities.stop(member) && capabilities.restart(member)) return member;
  throw new HarnessError("fault", `${member.name} cannot be restarted in this runtime`);
}

/** One end of one process and the start of the next: what was seen of it. */
export interface Rebirth {
  readonly member: Member;
  readonly graceful: boolean;
  readonly before: ProcessReading | undefined;
  /** What the runtime said between the end and the start. */
  readonly between: MemberState | undefined;
  readonly endedMs: number;
  readonly startedMs: number;
}

/** Ends all members at once and starts them again at once. Where that fails they are started all the same, and it throws. */
export async function restartAll(members: readonly Restarted[], graceful: boolean, clock: Clock, signal: AbortSignal): Promise<Rebirth[]> {
  const before = await Promise.all(members.map((member) => readProcess(member, clock)));
  signal.throwIfAborted();
  const downed = await Downed.take(members, (member) => (graceful ? stopInOrder(member) : member.kill()));
  const endedMs = clock.nowMs();
  try {
    const between = await Promise.all(members.map((member) => member.state()));
    await downed.revive();
    return members.map((member, index) => ({ member, graceful, before: before[index], between: between[index], endedMs, startedMs: clock.nowMs() }));
  } catch (error) {
    throw await undoAfter(error, () => downed.revive());
  }
}

/** The runtime saw its process ended, and the one that answers now began later than the one before. */
export async function proofOfRebirth({ member, graceful, before, between, endedMs, startedMs }: Rebirth, clock: Clock, signal: AbortSignal): Promise<Proof> {
  const proof = (text: string, holds = false): Proof => ({ source: "process start", text: `${member.name} ${text}`, holds });
  if (between?.kind !== "down") return proof(`was ${between?.kind ?? "not looked at"} when it should have been down`);
  if (graceful && !orderlyExits.some((exit) => exit === between.exit)) return proof(`went down (${between.exit}), which is not how etcd ends in order`);
  const after = await untilProcessAnswers(member, clock, signal);
  if (after === undefined) return proof(`went down (${between.exit}) and does not answer`);
  if (before === undefined) return proof(`went down (${between.exit}) and answers, but since when it had run before is not known`);
  const laterMs = Math.round((after.startSeconds - before.startSeconds) * 1_000);
  if (laterMs <= 0) return proof(`answers from the same process as before, whatever went down (${between.exit})`);
  const tookMs = Math.round(startedMs - endedMs);
  return proof(`went down (${between.exit}) and answered ${formatDuration(tookMs)} later, as a process that began ${formatDuration(laterMs)} after the one before`, true);
}
