import { z } from "zod";
import { Downed, proofOfDeath, proofOfReturn, statusesOf } from "./downed.ts";
import { defineFault, type ActiveFault } from "./fault.ts";
import { orderlyExits, stopInOrder, stoppable } from "./orderly-end.ts";
import { targetSchema } from "./target.ts";

const options = z.strictObject({ target: targetSchema });

/** Ends the targets in order, as for maintenance: a leader hands its lead over first. Healing starts them again. */
export const stop = defineFault({
  kind: "stop",
  summary: "Ends the target in order (SIGTERM) and starts it again with its data.",
  glyph: "■",
  options,
  needs: ["stop", "restart"],
  title: ({ target }) => `stop ${target}`,
  async inject({ targets, clock, signal }): Promise<ActiveFault> {
    const members = targets.map(stoppable);
    const before = await statusesOf(members);
    signal.throwIfAborted();
    const stopped = await Downed.take(members, stopInOrder);
    const stoppedMs = clock.nowMs();
    return {
      async effect() {
        return { sinceMs: stoppedMs, proofs: await Promise.all(members.map((member) => proofOfDeath(member, clock, signal, orderlyExits))) };
      },
      heal: () => stopped.revive(),
      async healed() {
        const proofs = await Promise.all(members.map((member) => proofOfReturn(member, before.get(member.name), "stop", stopped.holds, clock)));
        return { sinceMs: clock.nowMs(), proofs };
      },
    };
  },
});
