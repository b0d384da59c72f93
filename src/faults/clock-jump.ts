import { z } from "zod";
import type { Clock } from "../clock.ts";
import { grantLease, leaseLeft, revokeLease, type Lease } from "../cluster/leases.ts";
import type { ClockChange } from "../cluster/clock/process-clock.ts";
import type { ClockFaultable, Member } from "../cluster/member.ts";
import type { Proof } from "../recording/events.ts";
import { durationOption } from "../units/duration-option.ts";
import { formatDuration } from "../units/duration.ts";
import { proofOfHealth } from "./cluster-health.ts";
import { toEach } from "./each.ts";
import { defineFault, type ActiveFault, type FaultContext } from "./fault.ts";
import { leads, type Passage } from "./own-time.ts";
import { targetSchema } from "./target.ts";
import { openTimedWatch, type TimedWatch } from "./timed-watch.ts";
import { proofOfPassage, proofOfReading, WrongClocks } from "./wrong-clocks.ts";

const [byMinMs, byMaxMs] = [10_000, 24 * 3_600_000];

const options = z.strictObject({
  target: targetSchema,
  by: durationOption("How far it jumps, from 10s to 24h; forward, since no monotonic clock goes back.")
    .refine((byMs) => byMs >= byMinMs && byMs <= byMaxMs, "must be from 10s to 24h")
    .default(70_000),
});

const afterwardsMs = 1_000;
/** Where its speed is another one, the clock gets ahead also between two readings. */
const exactToMs = 1_000;

/**
 * Sets the monotonic clocks of the targets' processes ahead at once: all that a member waits for
 * is due at that moment, and leases that a leader has granted end early. A clock that has jumped
 * runs on from there, as that of a machine does whose sleep was not noticed: there is nothing to heal.
 */
export const clockJump = defineFault({
  kind: "clock-jump",
  summary: "The monotonic clock of the target's process jumps forward once; the machine's is left alone.",
  glyph: "↷",
  options,
  needs: ["clock"],
  title: ({ target, by }) => `clock of ${target} jumps by ${formatDuration(by)}`,
  async inject(context, { by }): Promise<ActiveFault> {
    const { cluster, clock } = context;
    const clocks = await WrongClocks.take(context);
    const witnesses: Witness[] = [];
    const heal = async (): Promise<void> => {
      clocks.release();
      await toEach(witnesses, dismiss);
    };
    try {
      witnesses.push(...(await Promise.all(clocks.members.map((member) => summon(member, by, context)))));
      await toEach(witnesses, async (witness) => void (witness.change = await witness.member.monotonicClock.jump(by)));
    } catch (error) {
      // Where others have jumped by then, they stay so.
      await heal();
      throw error;
    }
    const jumpedMs = clock.nowMs();
    return {
      async effect() {
        const proofs = await Promise.all(witnesses.map((witness) => proofsOfJump(witness, by, context)));
        return { sinceMs: jumpedMs, proofs: proofs.flat() };
      },
      heal,
      async healed() {
        const proofs = [...(await clocks.proofsOfTrueTime(afterwardsMs, clock)), await proofOfHealth(cluster, clock, clocks.holds)];
        return { sinceMs: clock.nowMs(), proofs };
      },
    };
  },
});

/** What a member does later by a time that it was given before the jump. */
interface Witness {
  readonly member: Member & ClockFaultable;
  change?: ClockChange;
  /** To be ended by the member after as long as the jump. */
  readonly watch: TimedWatch | undefined;
  /** Where it leads: for as long as the jump, or a little longer. */
  readonly lease: Lease | undefined;
  readonly leasedMs: number;
}

async function summon(member: Member & ClockFaultable, byMs: number, { clock, signal }: FaultContext): Promise<Witness> {
  const leasedMs = clock.nowMs();
  const lease = (await leads(member)) ? await grantLease(member.directUrl, Math.ceil(byMs / 1_000), { signal }).catch(() => undefined) : undefined;
  const watch = await openTimedWatch(member, byMs, clock, signal);
  return { member, watch, lease, leasedMs };
}

async function dismiss({ member, watch, lease }: Witness): Promise<void> {
  watch?.close();
  if (lease !== undefined) await revokeLease(member.directUrl, lease).catch(() => undefined);
}

async function proofsOfJump(witness: Witness, byMs: number, { clock, signal }: FaultContext): Promise<Proof[]> {
  const { member, change, watch } = witness;
  const jumped = change !== undefined && Math.abs(change.after.aheadMs - change.before.aheadMs - byMs) < exactToMs;
  const tookMs = await watch?.openForMs(byMs / 2, signal);
  const passage: Passage | undefined = tookMs === undefined ? undefined : { ownMs: byMs, tookMs };
  return [proofOfReading(member.name, change?.after, jumped), proofOfPassage(member.name, byMs, passage, passage !== undefined && passage.tookMs < byMs / 2), ...(await proofOfLease(witness, byMs, clock, signal))];
}

/** None where the member did not lead all the while: a new leader gives every lease its whole time again. */
async function proofOfLease({ member, lease, leasedMs }: Witness, byMs: number, clock: Clock, signal: AbortSignal): Promise<Proof[]> {
  if (lease === undefined) return [];
  const left = await leaseLeft(member.directUrl, lease, { signal }).catch(() => undefined);
  const tookMs = clock.nowMs() - leasedMs;
  signal.throwIfAborted();
  if (left === undefined || !(await leads(member))) return [];
  const expectedMs = Math.min(byMs, lease.seconds * 1_000) - 1_000;
  const holds = (lease.seconds - left) * 1_000 >= expectedMs && tookMs < byMs / 2;
  return [{ source: "lease", text: `a lease of ${lease.seconds} s that ${member.name}, the leader, granted had ${left} s left after ${formatDuration(tookMs)}`, holds }];
}
