import { z } from "zod";
import { waitFor, type Clock } from "../clock.ts";
import { capabilities, type Member, type Throttleable } from "../cluster/member.ts";
import { HarnessError } from "../errors.ts";
import type { Proof } from "../recording/events.ts";
import { toEach, undoAfter } from "./each.ts";
import { defineFault, type ActiveFault } from "./fault.ts";
import { askForWork, askHindered, type Effort, type HinderedEffort } from "./hard-work.ts";
import { claim, excuse, type Hold } from "./holds.ts";
import { targetSchema } from "./target.ts";

const options = z.strictObject({
  target: targetSchema,
  share: z
    .number()
    .min(0.02)
    .max(0.3)
    .meta({ description: "How much it still gets: 0.1 is a tenth of one CPU (docker), or of the time (local). More than 0.3 could not be told from a busy machine." }),
});

type Starvable = Member & Throttleable;

/** How long it is asked for work: to know what it does freely, and what it does starved. */
const freelyMs = 400;
const starvedMs = 1_200;
const healLimitMs = 30_000;

/**
 * Leaves the targets a share of the CPU, as a noisy neighbour does. What they use when asked for
 * all they can do shows it, before, during and after.
 */
export const cpuStarvation = defineFault({
  kind: "cpu-starvation",
  summary: "Leaves the target only a share of a CPU (freezing and thawing it, or the container's quota).",
  glyph: "◔",
  options,
  needs: ["throttle"],
  title: ({ target, share }) => `CPU starvation of ${target}, to ${percent(share)}`,
  async inject({ targets, clock, signal }, { share }): Promise<ActiveFault> {
    const members = targets.map(starvable);
    const before = new Map(await Promise.all(members.map(async (member) => [member.name, await workFreely(member, share, clock, signal)] as const)));
    signal.throwIfAborted();
    const starved = new Map<Starvable, Hold>();
    const feed = (): Promise<void> =>
      toEach(starved, async ([member, held]) => {
        await member.unthrottle();
        held.release();
        starved.delete(member);
      });
    try {
      await toEach(members, async (member) => {
        starved.set(member, claim(member, "starved"));
        await member.throttle(share);
      });
    } catch (error) {
      throw await undoAfter(error, feed);
    }
    const starvedFromMs = clock.nowMs();
    return {
      async effect() {
        const proofs = await Promise.all(members.map((member) => proofOfHunger(member, share, before.get(member.name), clock, signal)));
        return { sinceMs: starvedFromMs, proofs };
      },
      heal: feed,
      async healed() {
        const own = [...starved.values()];
        const proofs = await Promise.all(members.map((member) => proofOfPlenty(member, before.get(member.name), own, clock)));
        return { sinceMs: clock.nowMs(), proofs };
      },
    };
  },
});

function starvable(member: Member): Starvable {
  if (capabilities.throttle(member)) return member;
  throw new HarnessError("fault", `${member.name} cannot be given less CPU in this runtime`);
}

/**
 * More than this is not starved. A member that runs for a share of the time uses more than one
 * CPU then, if it is let; quotas and timers overshoot a little.
 */
function mostCpu(share: number, before: Effort): number {
  return 1.25 * share * Math.max(1, before.cpu) + 0.03;
}

const triesCount = 3;
/** At least this part of the while the kernel must keep a starved member from running, and a free one at most that. */
const heldBackMin = 0.3;
const heldBackFreeMax = 0.05;

/** A machine that is busy for a moment may hide how much it would use: the best of a few tries. */
async function workFreely(member: Member, share: number, clock: Clock, signal: AbortSignal): Promise<Effort | undefined> {
  let best: Effort | undefined;
  for (let tries = 0; tries < triesCount; tries++) {
    const effort = await askForWork(member, clock, freelyMs, signal);
    if (effort !== undefined && effort.cpu > (best?.cpu ?? 0)) best = effort;
    if (best !== undefined && best.cpu > mostCpu(share, best)) break;
  }
  return best;
}

/** The kernel kept it from running, it used no more than its share, and did less than before. */
async function proofOfHunger(member: Starvable, share: number, before: Effort | undefined, clock: Clock, signal: AbortSignal): Promise<Proof> {
  const proof = (text: string, holds = false): Proof => ({ source: "process CPU", text: `${member.name} ${text}`, holds });
  for (let tries = 1; ; tries++) {
    const now = await askHindered(member, clock, starvedMs, signal);
    const hungry = now !== undefined && before !== undefined && now.heldBack >= heldBackMin && now.cpu <= mostCpu(share, before) && now.answersPerSecond < 0.8 * before.answersPerSecond;
    if (!hungry && tries < triesCount) continue;
    if (now === undefined) return proof("gave too few answers to tell how much CPU it uses");
    if (before === undefined) return proof(`${inWords(now)}; before it gave too few`);
    return proof(`${inWords(now)} while asked for all it can, held back by the kernel for ${percent(now.heldBack)} of it; before ${percent(before.cpu)} and ${Math.round(before.answersPerSecond)}/s`, hungry);
  }
}

/** Nothing holds it back, and it answers at least a third as much as before: the machine may be busier now. */
async function proofOfPlenty(member: Starvable, before: Effort | undefined, own: readonly Hold[], clock: Clock): Promise<Proof> {
  const source = "process CPU";
  let last: HinderedEffort | undefined;
  let excused: string | undefined;
  const fed = await waitFor(
    clock,
    async () => {
      excused = excuse([member], ["paused", "starved", "killed"], own);
      if (excused !== undefined) return true;
      last = await askHindered(member, clock, freelyMs);
      return last !== undefined && last.heldBack <= heldBackFreeMax && last.answersPerSecond >= (before?.answersPerSecond ?? 0) / 3 ? true : undefined;
    },
    { limitMs: healLimitMs },
  );
  if (excused !== undefined) return { source, text: excused, holds: true };
  if (last === undefined) return { source, text: `${member.name} gave too few answers to tell how much CPU it uses`, holds: false };
  return { source, text: `${member.name} ${inWords(last)} again, held back for ${percent(last.heldBack)} of it`, holds: fed === true };
}

function inWords({ cpu, answersPerSecond }: Effort): string {
  return `used ${percent(cpu)} of a CPU for ${Math.round(answersPerSecond)} answers/s`;
}

function percent(part: number): string {
  return `${Number((100 * part).toFixed(1))} %`;
}
