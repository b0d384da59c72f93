import { z } from "zod";
import type { Member } from "../cluster/member.ts";
import type { Proof } from "../recording/events.ts";
import { proofOfHealth } from "./cluster-health.ts";
import { undoAfter } from "./each.ts";
import { defineFault, type ActiveFault } from "./fault.ts";
import { claim, type Hold } from "./holds.ts";
import { replaceable, replacing, Seat } from "./rejoin.ts";
import { targetSchema } from "./target.ts";

const options = z.strictObject({ target: targetSchema });

/**
 * Takes the targets' data and starts them. etcd refuses to begin anew under a name that the
 * cluster knows, and stays down; healing replaces the member, as its manual says.
 */
export const wipe = defineFault({
  kind: "wipe",
  summary: "Kills the target, empties its data directory and starts it, which etcd refuses; then replaces the member.",
  glyph: "∅",
  options,
  needs: replacing,
  title: ({ target }) => `wipe ${target}`,
  unfit: ({ target }, memberCount) =>
    memberCount < 3 || target === "all" || target === "majority" ? "only a majority that keeps its data can replace the members that lost theirs" : undefined,
  async inject({ cluster, targets, clock, signal }): Promise<ActiveFault> {
    signal.throwIfAborted();
    const seats = targets.map((member) => new Seat(replaceable(member), cluster, clock));
    for (const seat of seats) await seat.learn();
    const refusals = new Map(seats.map(({ member }) => [member, refusalOf(member)]));
    signal.throwIfAborted();
    const emptied = new Map<Seat, Hold>();
    // One after the other: etcd takes one change of membership at a time.
    const replaceAll = async (): Promise<void> => {
      for (const [seat, held] of emptied) {
        await seat.vacate();
        await seat.fill();
        held.release();
        emptied.delete(seat);
      }
    };
    try {
      for (const seat of seats) {
        emptied.set(seat, claim(seat.member, "killed"));
        await seat.end();
        await seat.member.wipe();
        // That it does not come up is what is expected.
        await seat.member.restart().catch(() => undefined);
      }
    } catch (error) {
      throw await undoAfter(error, replaceAll);
    }
    const emptiedMs = clock.nowMs();
    return {
      effect: async () => ({ sinceMs: emptiedMs, proofs: await Promise.all(seats.map(({ member }) => proofOfRefusal(member, refusals.get(member)))) }),
      heal: replaceAll,
      async healed() {
        const proofs = await Promise.all([...seats.map((seat) => seat.proofOfReturn()), proofOfHealth(cluster, clock)]);
        return { sinceMs: clock.nowMs(), proofs };
      },
    };
  },
});

/** What etcd says when it starts without data under a known name, once it does. */
function refusalOf(member: Member): () => string | undefined {
  let refusal: string | undefined;
  member.onLog((line) => (refusal ??= /member [0-9a-f]+ has already been bootstrapped/.exec(line)?.[0]));
  return () => refusal;
}

/** It has ended by itself, and has said why. */
async function proofOfRefusal(member: Member, refusal: (() => string | undefined) | undefined): Promise<Proof> {
  const source = "log";
  const state = await member.state();
  const said = refusal?.();
  if (state.kind !== "down") return { source, text: `${member.name} was started without data and is ${state.kind}`, holds: false };
  const why = said === undefined ? "and did not say that it knows of its former life" : `saying "${said}"`;
  return { source, text: `${member.name} was started without data and ended (${state.exit}), ${why}`, holds: said !== undefined };
}
