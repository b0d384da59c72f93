import { z } from "zod";
import { waitFor, type Clock } from "../clock.ts";
import { memberStatus, type MemberStatus } from "../cluster/gateway.ts";
import { capabilities, type Killable, type Member, type Restartable } from "../cluster/member.ts";
import { HarnessError } from "../errors.ts";
import type { Proof } from "../recording/events.ts";
import { toEach, undoAfter } from "./each.ts";
import { defineFault, type ActiveFault } from "./fault.ts";
import { claim, type Hold } from "./holds.ts";
import { askMember } from "./probe.ts";
import { targetSchema } from "./target.ts";

const options = z.strictObject({ target: targetSchema });

type Mortal = Member & Killable & Restartable;

/** Kills the targets without warning; healing starts them again on the data they left. */
export const kill = defineFault({
  kind: "kill",
  summary: "Kills the target (SIGKILL) and starts it again with its data.",
  glyph: "✖",
  options,
  needs: ["kill", "restart"],
  title: ({ target }) => `kill ${target}`,
  async inject({ targets, clock, signal }): Promise<ActiveFault> {
    const members = targets.map(mortal);
    const before = new Map(await Promise.all(members.map(async (member) => [member.name, await memberStatus(member.directUrl).catch(() => undefined)] as const)));
    signal.throwIfAborted();
    const killed = new Map<Mortal, Hold>();
    const revive = (): Promise<void> =>
      toEach(killed, async ([member, held]) => {
        await member.restart();
        held.release();
        killed.delete(member);
      });
    try {
      await toEach(members, async (member) => {
        const held = claim(member, "killed");
        // One that went down by itself is not ours to start again.
        const { kind } = await member.state();
        if (kind !== "down") killed.set(member, held);
        else held.release();
        await member.kill();
      });
    } catch (error) {
      throw await undoAfter(error, revive);
    }
    const killedMs = clock.nowMs();
    return {
      async effect() {
        return { sinceMs: killedMs, proofs: await Promise.all(members.map((member) => proofOfDeath(member, clock, signal))) };
      },
      heal: revive,
      async healed() {
        const proofs = await Promise.all(members.map((member) => proofOfReturn(member, before.get(member.name), clock)));
        return { sinceMs: clock.nowMs(), proofs };
      },
    };
  },
});

function mortal(member: Member): Mortal {
  if (capabilities.kill(member) && capabilities.restart(member)) return member;
  throw new HarnessError("fault", `${member.name} cannot be killed and started again in this runtime`);
}

const answerLimitMs = 300;

/** The runtime says that its process has ended, and its port agrees. */
async function proofOfDeath(member: Member, clock: Clock, signal: AbortSignal): Promise<Proof> {
  const source = "process state";
  const state = await member.state();
  if (state.kind !== "down") return { source, text: `${member.name} is ${state.kind}`, holds: false };
  const answer = await askMember(member, clock, { limitMs: answerLimitMs, signal });
  const answers = answer.kind === "answered";
  return { source, text: `${member.name} is down (${state.exit}) and ${answers ? "still answers" : "does not answer"}`, holds: !answers };
}

const catchUpLimitMs = 10_000;

/**
 * The same raft id, and no revision behind what it had. The last entries count as committed
 * only once the leader says so, so it gets time to catch up.
 */
async function proofOfReturn(member: Member, before: MemberStatus | undefined, clock: Clock): Promise<Proof> {
  const source = "status";
  let now: MemberStatus | undefined;
  const caughtUp = async (): Promise<true | undefined> => {
    now = await memberStatus(member.directUrl).catch(() => undefined);
    return now !== undefined && now.revision >= (before?.revision ?? 0) ? true : undefined;
  };
  const back = await waitFor(clock, caughtUp, { limitMs: catchUpLimitMs });
  if (now === undefined) return { source, text: `${member.name} does not answer a status request`, holds: false };
  const then = before === undefined ? "it gave none before the kill" : `before the kill ${before.revision}`;
  return { source, text: `${member.name} is back with id ${now.id} at revision ${now.revision}, ${then}`, holds: back === true && now.id === member.id };
}
