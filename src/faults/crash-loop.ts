import { z } from "zod";
import { durationOption } from "../units/duration-option.ts";
import { formatDuration } from "../units/duration.ts";
import { CrashLoop } from "./crashes.ts";
import { Downed, proofOfReturn, statusesOf } from "./downed.ts";
import { toEach } from "./each.ts";
import { defineFault, type ActiveFault } from "./fault.ts";
import { restartable } from "./rebirth.ts";
import { targetSchema } from "./target.ts";

const options = z.strictObject({
  target: targetSchema,
  every: durationOption("From one kill to the next, whether it answers by then or not; as soon as it answers where this is absent.").optional(),
});

/** Kills the targets again and again, as an init system does that restarts what cannot live. Healing leaves them running. */
export const crashLoop = defineFault({
  kind: "crash-loop",
  summary: "Kills the target again whenever it answers, or every so often, starting it each time.",
  glyph: "⟲",
  options,
  needs: ["kill", "stop", "restart"],
  title: ({ target, every }) => `crash loop of ${target}${every === undefined ? "" : `, every ${formatDuration(every)}`}`,
  async inject({ targets, clock, signal }, { every }): Promise<ActiveFault> {
    const members = targets.map(restartable);
    const before = await statusesOf(members);
    signal.throwIfAborted();
    const loops = members.map((member) => new CrashLoop(member, every, clock));
    const downed = await Downed.take(members, (member) => member.kill());
    const killedMs = clock.nowMs();
    for (const loop of loops) loop.begin(signal);
    return {
      async effect() {
        return { sinceMs: killedMs, proofs: await Promise.all(loops.map((loop) => loop.proof(signal))) };
      },
      async heal() {
        await toEach(loops, (loop) => loop.end());
        await downed.revive();
      },
      async healed() {
        const proofs = await Promise.all(members.map((member) => proofOfReturn(member, before.get(member.name), "first kill", downed.holds, clock)));
        return { sinceMs: clock.nowMs(), proofs };
      },
    };
  },
});
