import { z } from "zod";
import { waitFor, type Clock } from "../clock.ts";
import { isHealthy } from "../cluster/gateway.ts";
import { capabilities, type Member, type Pausable } from "../cluster/member.ts";
import { HarnessError } from "../errors.ts";
import type { Proof } from "../recording/events.ts";
import { formatDuration } from "../units/duration.ts";
import { toEach, undoAfter } from "./each.ts";
import { defineFault, type ActiveFault } from "./fault.ts";
import { claim, excuse, type Hold } from "./holds.ts";
import { askMember, type Answer } from "./probe.ts";
import { targetSchema } from "./target.ts";

const options = z.strictObject({ target: targetSchema });

type Freezable = Member & Pausable;

const beforeLimitMs = 1_000;
const silenceMinMs = 300;
const thawLimitMs = 15_000;

/** Freezes the targets' processes: connections stay open and nothing answers, as in a long stall. */
export const pause = defineFault({
  kind: "pause",
  summary: "Freezes the target (SIGSTOP, or the container's freezer) and thaws it.",
  glyph: "⏸",
  options,
  needs: ["pause"],
  title: ({ target }) => `pause ${target}`,
  async inject({ targets, clock, signal }): Promise<ActiveFault> {
    const members = targets.map(pausable);
    const before = new Map(await Promise.all(members.map(async (member) => [member.name, await askMember(member, clock, { limitMs: beforeLimitMs, signal })] as const)));
    const frozen = new Map<Freezable, Hold>();
    const thaw = (): Promise<void> =>
      toEach(frozen, async ([member, held]) => {
        await member.resume();
        held.release();
        frozen.delete(member);
      });
    try {
      await toEach(members, async (member) => {
        frozen.set(member, claim(member, "paused"));
        await member.pause();
      });
    } catch (error) {
      throw await undoAfter(error, thaw);
    }
    const frozenMs = clock.nowMs();
    return {
      async effect() {
        const proofs = await Promise.all(members.flatMap((member) => [proofOfState(member), proofOfSilence(member, before.get(member.name), clock, signal)]));
        return { sinceMs: frozenMs, proofs };
      },
      heal: thaw,
      async healed() {
        const held = [...frozen.values()];
        const proofs = await Promise.all(members.map((member) => proofOfLife(member, held, clock)));
        return { sinceMs: clock.nowMs(), proofs };
      },
    };
  },
});

function pausable(member: Member): Freezable {
  if (capabilities.pause(member)) return member;
  throw new HarnessError("fault", `${member.name} cannot be paused in this runtime`);
}

async function proofOfState(member: Member): Promise<Proof> {
  const { kind } = await member.state();
  return { source: "process state", text: `${member.name} is ${kind}`, holds: kind === "paused" };
}

/** A frozen process takes connections and leaves them without an answer; one that refuses them is gone. */
async function proofOfSilence(member: Member, before: Answer | undefined, clock: Clock, signal: AbortSignal): Promise<Proof> {
  const { name } = member;
  const proof = (text: string, holds = false): Proof => ({ source: "round trip", text: `${name} ${text}`, holds });
  const limitMs = Math.max(silenceMinMs, before?.kind === "answered" ? 3 * before.tookMs : 0);
  const answer = await askMember(member, clock, { limitMs, signal });
  if (answer.kind === "answered") return proof(`still answered, in ${formatDuration(answer.tookMs)}`);
  if (answer.kind === "broken") return proof("refused a connection, as one that is not frozen but gone");
  const silent = `gave no answer within ${formatDuration(limitMs)}`;
  return before?.kind === "answered" ? proof(`${silent}; before the pause in ${formatDuration(before.tookMs)}`, true) : proof(`${silent}, but before the pause neither`);
}

/** Runs and answers by itself again, unless another fault has frozen or killed it meanwhile. */
async function proofOfLife(member: Member, own: readonly Hold[], clock: Clock): Promise<Proof> {
  const source = "health";
  let excused: string | undefined;
  const alive = await waitFor(
    clock,
    async () => {
      excused = excuse([member], ["paused", "killed"], own);
      return excused !== undefined || (await isHealthy(member.directUrl, { serializable: true })) ? true : undefined;
    },
    { limitMs: thawLimitMs },
  );
  if (excused !== undefined) return { source, text: excused, holds: true };
  const { kind } = await member.state();
  return { source, text: `${member.name} is ${kind} and ${alive ? "answers" : "does not answer"} /health?serializable=true`, holds: alive === true && kind === "running" };
}
