import { z } from "zod";
import { HarnessError } from "../errors.ts";
import { proofOfHealth } from "./cluster-health.ts";
import { undoAfter } from "./each.ts";
import { defineFault, type ActiveFault } from "./fault.ts";
import { claim, type Hold } from "./holds.ts";
import { replaceable, replacing, Seat } from "./rejoin.ts";
import { targetSchema } from "./target.ts";

const options = z.strictObject({ target: targetSchema.default("all") });

/** Lets one more member join, as one enlarges a cluster: each step is asked of it and seen. Healing takes it out again. */
export const addMember = defineFault({
  kind: "add-member",
  summary: "Adds a member beyond the cluster's as a learner, promotes it once it has caught up, and removes it again.",
  glyph: "⊕",
  options,
  needs: replacing,
  spare: true,
  title: () => "add-member",
  async inject({ cluster, clock, signal }): Promise<ActiveFault> {
    signal.throwIfAborted();
    const { spare } = cluster;
    if (spare === undefined) throw new HarnessError("fault", "there is no member to add: none was asked for before the cluster was started");
    const member = replaceable(spare.member);
    const seat = new Seat(member, cluster, clock, [spare.peerUrl]);
    await seat.learn();
    let held: Hold | undefined = claim(member, "added");
    const leave = async (): Promise<void> => {
      if (held === undefined) return;
      await seat.vacate();
      await member.wipe();
      held.release();
      held = undefined;
    };
    const steps = await seat.fill(signal).catch(async (error: unknown) => {
      throw await undoAfter(error, leave);
    });
    const joinedMs = clock.nowMs();
    return {
      effect: async () => ({ sinceMs: joinedMs, proofs: [...steps, await seat.proofOfReturn(held === undefined ? [] : [held])] }),
      heal: leave,
      async healed() {
        const proofs = await Promise.all([seat.proofOfVacancy(), proofOfHealth(cluster, clock)]);
        return { sinceMs: clock.nowMs(), proofs };
      },
    };
  },
});
