import { z } from "zod";
import { proofOfHealth } from "./cluster-health.ts";
import { undoAfter } from "./each.ts";
import { defineFault, type ActiveFault } from "./fault.ts";
import { claim, type Hold } from "./holds.ts";
import { replaceable, replacing, Seat } from "./rejoin.ts";
import { targetSchema } from "./target.ts";

const options = z.strictObject({ target: targetSchema });

/** Takes the targets out of the cluster; healing brings each back as a new member, as one replaces a broken machine. */
export const removeMember = defineFault({
  kind: "remove-member",
  summary: "Takes the target out of the cluster and brings it back as a new, empty member: a learner first, then promoted.",
  glyph: "⊖",
  options,
  needs: replacing,
  title: ({ target }) => `remove-member ${target}`,
  unfit({ target }, memberCount) {
    if (memberCount === 1) return "a cluster cannot go on without its only member";
    if (target === "all" || target === "majority") return "those that are removed come back with the help of a majority that stays";
    return undefined;
  },
  async inject({ cluster, targets, clock, signal }): Promise<ActiveFault> {
    signal.throwIfAborted();
    const seats = targets.map((member) => new Seat(replaceable(member), cluster, clock));
    for (const seat of seats) await seat.learn();
    const vacated = new Map<Seat, Hold>();
    // One after the other: etcd takes one change of membership at a time.
    const refill = async (): Promise<void> => {
      for (const [seat, held] of vacated) {
        await seat.fill();
        held.release();
        vacated.delete(seat);
      }
    };
    try {
      for (const seat of seats) {
        vacated.set(seat, claim(seat.member, "killed"));
        await seat.vacate(signal);
      }
    } catch (error) {
      throw await undoAfter(error, refill);
    }
    const removedMs = clock.nowMs();
    return {
      async effect() {
        return { sinceMs: removedMs, proofs: await Promise.all(seats.map((seat) => seat.proofOfVacancy(signal))) };
      },
      heal: refill,
      async healed() {
        const proofs = await Promise.all([...seats.map((seat) => seat.proofOfReturn()), proofOfHealth(cluster, clock)]);
        return { sinceMs: clock.nowMs(), proofs };
      },
    };
  },
});
