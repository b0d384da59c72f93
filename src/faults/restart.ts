import { z } from "zod";
import { proofOfReturn, statusesOf } from "./downed.ts";
import { defineFault, type ActiveFault } from "./fault.ts";
import { proofOfRebirth, restartAll, restartable } from "./rebirth.ts";
import { targetSchema } from "./target.ts";

const options = z.strictObject({
  target: targetSchema,
  graceful: z.boolean().default(false).meta({ description: "Ends it in order (SIGTERM) where true, and kills it (SIGKILL) otherwise." }),
});

/** Ends the targets and starts them again at once. It is done when it has been injected: healing has nothing to do. */
export const restart = defineFault({
  kind: "restart",
  summary: "Ends the target and starts it again at once, with its data.",
  glyph: "↻",
  options,
  needs: ["kill", "stop", "restart"],
  title: ({ target, graceful }) => `restart ${target}${graceful ? ", in order" : ""}`,
  async inject({ targets, clock, signal }, { graceful }): Promise<ActiveFault> {
    const members = targets.map(restartable);
    const before = await statusesOf(members);
    const rebirths = await restartAll(members, graceful, clock, signal);
    const endedMs = Math.max(...rebirths.map((rebirth) => rebirth.endedMs));
    return {
      async effect() {
        return { sinceMs: endedMs, proofs: await Promise.all(rebirths.map((rebirth) => proofOfRebirth(rebirth, clock, signal))) };
      },
      heal: async () => undefined,
      async healed() {
        const proofs = await Promise.all(members.map((member) => proofOfReturn(member, before.get(member.name), "restart", [], clock)));
        return { sinceMs: clock.nowMs(), proofs };
      },
    };
  },
});
