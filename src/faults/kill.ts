import { z } from "zod";
import { capabilities, type Killable, type Member, type Restartable } from "../cluster/member.ts";
import { HarnessError } from "../errors.ts";
import { Downed, proofOfDeath, proofOfReturn, statusesOf } from "./downed.ts";
import { defineFault, type ActiveFault } from "./fault.ts";
import { targetSchema } from "./target.ts";

const options = z.strictObject({ target: targetSchema });

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
    const before = await statusesOf(members);
    signal.throwIfAborted();
    const killed = await Downed.take(members, (member) => member.kill());
    const killedMs = clock.nowMs();
    return {
      async effect() {
        return { sinceMs: killedMs, proofs: await Promise.all(members.map((member) => proofOfDeath(member, clock, signal))) };
      },
      heal: () => killed.revive(),
      async healed() {
        const proofs = await Promise.all(members.map((member) => proofOfReturn(member, before.get(member.name), "kill", killed.holds, clock)));
        return { sinceMs: clock.nowMs(), proofs };
      },
    };
  },
});

function mortal(member: Member): Member & Killable & Restartable {
  if (capabilities.kill(member) && capabilities.restart(member)) return member;
  throw new HarnessError("fault", `${member.name} cannot be killed and started again in this runtime`);
}
