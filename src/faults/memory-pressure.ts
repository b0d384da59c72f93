import { z } from "zod";
import type { Clock } from "../clock.ts";
import { capabilities, type Member, type MemoryLimitable, type Restartable } from "../cluster/member.ts";
import { HarnessError } from "../errors.ts";
import type { Proof } from "../recording/events.ts";
import { Downed, proofOfReturn, statusesOf } from "./downed.ts";
import { defineFault, type ActiveFault } from "./fault.ts";
import { askForWork } from "./hard-work.ts";
import { targetSchema } from "./target.ts";

const options = z.strictObject({ target: targetSchema });

type Limitable = Member & MemoryLimitable & Restartable;

/** Leaves the targets no memory to grow into, and asks them for work until the kernel kills them. */
export const memoryPressure = defineFault({
  kind: "memory-pressure",
  summary: "Leaves the target hardly more memory than it uses, until the kernel kills it; then starts it without the limit.",
  glyph: "▽",
  options,
  needs: ["limitMemory", "restart"],
  title: ({ target }) => `memory pressure on ${target}`,
  async inject({ targets, clock, signal }): Promise<ActiveFault> {
    const members = targets.map(limitable);
    const before = await statusesOf(members);
    signal.throwIfAborted();
    const limits = new Map<string, number>();
    const pressed = await Downed.take(
      members,
      async (member) => void limits.set(member.name, await member.limitMemory()),
      (member) => member.unlimitMemory(),
    );
    const pressedMs = clock.nowMs();
    return {
      async effect() {
        const proofs = await Promise.all(members.map((member) => proofOfOom(member, limits.get(member.name) ?? 0, clock, signal)));
        return { sinceMs: pressedMs, proofs };
      },
      heal: () => pressed.revive(),
      async healed() {
        const proofs = await Promise.all(members.map((member) => proofOfReturn(member, before.get(member.name), "pressure", pressed.holds, clock)));
        return { sinceMs: clock.nowMs(), proofs };
      },
    };
  },
});

function limitable(member: Member): Limitable {
  if (capabilities.limitMemory(member) && capabilities.restart(member)) return member;
  throw new HarnessError("fault", `${member.name}'s memory cannot be limited in this runtime`);
}

const deathLimitMs = 15_000;
const workMs = 200;
/** Answers that are being rendered take memory: many at once take more. */
const askersCount = 24;

/** The engine says that its process was killed for memory. */
async function proofOfOom(member: Member, limitBytes: number, clock: Clock, signal: AbortSignal): Promise<Proof> {
  const endMs = clock.nowMs() + deathLimitMs;
  const limit = `with a limit of ${(limitBytes / 1024 / 1024).toFixed(1)} MiB`;
  const proof = (text: string, holds = false): Proof => ({ source: "process state", text: `${member.name} ${text} ${limit}`, holds });
  for (;;) {
    const state = await member.state();
    if (state.kind === "down") return proof(`is down (${state.exit})`, state.exit.includes("killed for memory"));
    if (clock.nowMs() >= endMs) return proof(`is ${state.kind} after ${deathLimitMs / 1_000} s of work`);
    await askForWork(member, clock, workMs, signal, askersCount);
  }
}
