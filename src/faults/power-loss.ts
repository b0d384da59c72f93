import { z } from "zod";
import { waitFor, type Clock } from "../clock.ts";
import { memberStatus, type MemberStatus } from "../cluster/gateway.ts";
import { capabilities, type Member, type PowerLoseable, type Restartable } from "../cluster/member.ts";
import { HarnessError } from "../errors.ts";
import type { Proof } from "../recording/events.ts";
import { toEach, undoAfter } from "./each.ts";
import { defineFault, type ActiveFault } from "./fault.ts";
import { claim, type Hold } from "./holds.ts";
import { targetSchema } from "./target.ts";

const options = z.strictObject({ target: targetSchema });

type Powered = Member & PowerLoseable & Restartable;

const returnLimitMs = 15_000;

/**
 * Takes the power from the targets: the process and all that it had written and not synced are
 * gone at once. What was acknowledged survives it, unless the disk lies. How many revisions the
 * members came back without is told when it has healed; whether they may is not this fault's to judge.
 */
export const powerLoss = defineFault({
  kind: "power-loss",
  summary: "Cuts the target's power: the process and everything it has not synced are gone; healing starts it again.",
  glyph: "ϟ",
  options,
  needs: ["power", "restart"],
  title: ({ target }) => `power loss of ${target}`,
  async inject({ cluster, targets, clock, signal }): Promise<ActiveFault> {
    const members = targets.map(powered);
    const before = new Map(await Promise.all(members.map(async (member) => [member.name, await memberStatus(member.directUrl).catch(() => undefined)] as const)));
    signal.throwIfAborted();
    const dark = new Map<Powered, Hold>();
    // All at once: a majority that is down waits for its members to come back.
    const revive = (): Promise<void> =>
      toEach(dark, async ([member, held]) => {
        await member.restart();
        held.release();
        dark.delete(member);
      });
    try {
      await toEach(members, async (member) => {
        const held = claim(member, "killed");
        // One that went down by itself is not ours to start again.
        if ((await member.state()).kind === "down") held.release();
        else dark.set(member, held);
        await member.cutPower();
      });
    } catch (error) {
      throw await undoAfter(error, revive);
    }
    const darkMs = clock.nowMs();
    return {
      effect: async () => ({ sinceMs: darkMs, proofs: await Promise.all(members.map(proofOfDarkness)) }),
      heal: revive,
      async healed() {
        const proofs = await Promise.all(members.map((member) => proofOfReturn(member, before.get(member.name), clock, members.length < cluster.members.length)));
        return { sinceMs: clock.nowMs(), proofs };
      },
    };
  },
});

function powered(member: Member): Powered {
  if (capabilities.power(member) && capabilities.restart(member)) return member;
  throw new HarnessError("fault", `${member.name} cannot lose power in this runtime`);
}

/** That its file system takes nothing more was seen when the power was cut, or cutting it had failed. */
async function proofOfDarkness(member: Member): Promise<Proof> {
  const state = await member.state();
  const text = state.kind === "down" ? `down (${state.exit}), and before that its file system refused writes` : state.kind;
  return { source: "process state", text: `${member.name} is ${text}`, holds: state.kind === "down" };
}

/** The revision that it comes back with is looked at as soon as it has a leader: what the load writes later would hide what was lost. */
async function proofOfReturn({ id, name, directUrl }: Member, before: MemberStatus | undefined, clock: Clock, hasOthers: boolean): Promise<Proof> {
  const source = "status";
  const led = (): Promise<MemberStatus | undefined> => memberStatus(directUrl).then((status) => (status.leader === null ? undefined : status), () => undefined);
  const now = await waitFor(clock, led, { limitMs: returnLimitMs });
  if (now === undefined) return { source, text: `${name} does not answer with a leader`, holds: false };
  const lost = (before?.revision ?? now.revision) - now.revision;
  const short = lost > 0 ? `, ${lost} less than before${hasOthers ? ", which it has yet to get from the others" : ""}` : "";
  return { source, text: `${name} is back with id ${now.id} at revision ${now.revision}${short}`, holds: now.id === id };
}
