import { z } from "zod";
import type { Clock } from "../clock.ts";
import type { ClockFaultable, Member } from "../cluster/member.ts";
import type { Proof } from "../recording/events.ts";
import { formatDuration } from "../units/duration.ts";
import { proofOfHealth } from "./cluster-health.ts";
import { toEach, undoAfter } from "./each.ts";
import { defineFault, type ActiveFault } from "./fault.ts";
import { passageOfLease, passageOfWatch, showsRate, telltaleMs, type Passage } from "./own-time.ts";
import { targetSchema } from "./target.ts";
import { proofOfPassage, proofOfReading, WrongClocks } from "./wrong-clocks.ts";

const [rateMin, rateMax] = [0.25, 10];
const [slowestFast, fastestSlow] = [1.25, 0.8];

const options = z.strictObject({
  target: targetSchema,
  rate: z
    .number()
    .min(rateMin)
    .max(rateMax)
    .refine((rate) => rate <= fastestSlow || rate >= slowestFast, `must be at most ${fastestSlow} or at least ${slowestFast}: what is nearer to 1 could not be told from a busy machine`)
    .meta({ description: `How fast it runs: 2 is twice as fast as the true time, 0.5 half as fast. From ${rateMin} to ${fastestSlow}, or from ${slowestFast} to ${rateMax}.` }),
});

const triesCount = 2;

/**
 * Lets the monotonic clocks of the targets' processes run too fast or too slowly. Leases of a
 * leader end sooner or later by that; what a process waits for in the kernel takes its true time.
 * Afterwards they run on at the true speed from where they are: back they never go.
 */
export const clockRate = defineFault({
  kind: "clock-rate",
  summary: "The monotonic clock of the target's process runs too fast or too slowly; the machine's is left alone.",
  glyph: "◷",
  options,
  needs: ["clock"],
  title: ({ target, rate }) => `clock of ${target} at ${rate} times its speed`,
  async inject(context, { rate }): Promise<ActiveFault> {
    const { cluster, clock, signal } = context;
    const clocks = await WrongClocks.take(context);
    const lift = async (): Promise<void> => {
      await toEach(clocks.members, (member) => member.monotonicClock.pace(1));
      clocks.release();
    };
    try {
      await toEach(clocks.members, (member) => member.monotonicClock.pace(rate));
    } catch (error) {
      throw await undoAfter(error, lift);
    }
    const pacedMs = clock.nowMs();
    return {
      async effect() {
        const proofs = await Promise.all(clocks.members.map((member) => proofsOfRate(member, rate, clock, signal)));
        return { sinceMs: pacedMs, proofs: proofs.flat() };
      },
      heal: lift,
      async healed() {
        const proofs = [...(await clocks.proofsOfTrueTime(telltaleMs(rate), clock)), await proofOfHealth(cluster, clock, clocks.holds)];
        return { sinceMs: clock.nowMs(), proofs };
      },
    };
  },
});

async function proofsOfRate(member: Member & ClockFaultable, rate: number, clock: Clock, signal: AbortSignal): Promise<Proof[]> {
  const ownMs = telltaleMs(rate);
  const limitMs = 3 * Math.max(ownMs, ownMs / rate) + 5_000;
  const shown = async (measure: () => Promise<Passage | undefined>): Promise<{ passage: Passage | undefined; holds: boolean }> => {
    for (let tries = 1; ; tries++) {
      const passage = await measure();
      const holds = passage !== undefined && showsRate(passage, rate);
      if (holds || tries === triesCount) return { passage, holds };
    }
  };
  const [reading, watch, lease] = await Promise.all([
    member.monotonicClock.read(),
    shown(() => passageOfWatch(member, ownMs, clock, limitMs, signal)),
    shown(() => passageOfLease(member, ownMs, clock, limitMs, signal)),
  ]);
  const proofs = [proofOfReading(member.name, reading, reading?.rate === rate), proofOfPassage(member.name, ownMs, watch.passage, watch.holds)];
  return lease.passage === undefined ? proofs : [...proofs, proofOfLease(member.name, lease.passage, lease.holds)];
}

function proofOfLease(name: string, { ownMs, tookMs }: Passage, holds: boolean): Proof {
  return { source: "lease", text: `${name}, the leader, took ${formatDuration(ownMs)} off a lease within ${formatDuration(tookMs)}`, holds };
}
