import { z } from "zod";
import { waitFor, type Clock } from "../clock.ts";
import { memberStatus, type MemberStatus } from "../cluster/gateway.ts";
import { transferLeadership } from "../cluster/maintenance.ts";
import type { Member } from "../cluster/member.ts";
import { HarnessError } from "../errors.ts";
import type { Proof } from "../recording/events.ts";
import { proofOfHealth } from "./cluster-health.ts";
import { defineFault, type ActiveFault, type FaultContext } from "./fault.ts";
import { holdsOfOthers } from "./holds.ts";
import { targetSchema } from "./target.ts";

const options = z.strictObject({ target: targetSchema });

const leaderLimitMs = 5_000;
const transferLimitMs = 10_000;
const agreeLimitMs = 5_000;

/** Hands leadership over, as an operator does before maintenance: no election timeout passes. */
export const moveLeader = defineFault({
  kind: "move-leader",
  summary: "Hands leadership over: away from the target where it leads, to the target where it follows.",
  glyph: "⇄",
  options,
  needs: [],
  title: ({ target }) => `move-leader ${target}`,
  unfit: (_, memberCount) => (memberCount === 1 ? "a single member has nobody to hand leadership to" : undefined),
  async inject(context): Promise<ActiveFault> {
    const { cluster, clock, signal } = context;
    signal.throwIfAborted();
    const { leader, term } = await currentLeader(context);
    const heir = heirOf(leader, context);
    await transferLeadership(leader.directUrl, heir.id, { limitMs: transferLimitMs, signal });
    const movedMs = clock.nowMs();
    return {
      async effect() {
        const proof = await proofOfHandover({ leader, heir, term }, context);
        return { sinceMs: movedMs, proofs: [proof] };
      },
      // Whoever leads now does it as well as the one before.
      heal: async () => undefined,
      async healed() {
        const proofs = await Promise.all([proofOfLeader(cluster.members, clock), proofOfHealth(cluster, clock)]);
        return { sinceMs: clock.nowMs(), proofs };
      },
    };
  },
});

/** Who leads, by its own word and at the newest term: one that was cut off may still believe in itself. */
async function currentLeader({ cluster, clock, signal }: FaultContext): Promise<{ leader: Member; term: number }> {
  const found = await waitFor(
    clock,
    async () => {
      const known = await statusesOf(cluster.members);
      const newest = Math.max(0, ...known.map(({ status }) => status.term));
      return known.find(({ member, status }) => status.leader === member.id && status.term === newest);
    },
    { limitMs: leaderLimitMs, signal },
  );
  if (found === undefined) throw new HarnessError("fault", `no member led within ${leaderLimitMs / 1000} s, so that there is no leadership to hand over`);
  return { leader: found.member, term: found.status.term };
}

/**
 * Whom to hand over to: the first target where the leader is none of them; otherwise the next
 * member by number that is no target and that no other fault has its hand on.
 */
function heirOf(leader: Member, { cluster: { members }, targets }: FaultContext): Member {
  const [first] = targets;
  if (first !== undefined && !targets.includes(leader)) return first;
  const from = members.indexOf(leader);
  const others = [...members.slice(from + 1), ...members.slice(0, from)];
  const free = others.filter((member) => holdsOfOthers(member).length === 0);
  const heir = free.find((member) => !targets.includes(member)) ?? free.at(0);
  if (heir === undefined) throw new HarnessError("fault", `there is nobody to hand leadership to: ${leader.name} leads, and other faults have their hands on the rest`);
  return heir;
}

interface Handover {
  readonly leader: Member;
  readonly heir: Member;
  readonly term: number;
}

/** All members that answer name the heir at a newer term, and the heir is among them, and a majority. */
async function proofOfHandover({ leader, heir, term }: Handover, { cluster: { members }, clock, signal }: FaultContext): Promise<Proof> {
  let known: Known[] = [];
  const moved = await waitFor(
    clock,
    async () => {
      known = await statusesOf(members);
      const agreed = known.every(({ status }) => status.leader === heir.id && status.term > term);
      return agreed && known.length > members.length / 2 && known.some(({ member }) => member === heir) ? true : undefined;
    },
    { limitMs: agreeLimitMs, signal },
  );
  const words = known.map(({ member, status }) => `${member.name} names ${nameOf(status.leader, members)} at term ${status.term}`).join(", ");
  return { source: "status", text: `from ${leader.name} at term ${term} to ${heir.name}: ${words || "no member answers"}`, holds: moved === true };
}

async function proofOfLeader(members: readonly Member[], clock: Clock): Promise<Proof> {
  const source = "status";
  const led = await waitFor(
    clock,
    async () => {
      const known = await statusesOf(members);
      const self = known.find(({ member, status }) => status.leader === member.id);
      const following = known.filter(({ status }) => status.leader === self?.member.id && status.term === self?.status.term);
      return self !== undefined && following.length > members.length / 2 ? { ...self, followers: following.length } : undefined;
    },
    { limitMs: agreeLimitMs },
  );
  if (led === undefined) return { source, text: "no member is named leader by a majority", holds: false };
  return { source, text: `${led.followers} of ${members.length} members name ${led.member.name} at term ${led.status.term}`, holds: true };
}

interface Known {
  readonly member: Member;
  readonly status: MemberStatus;
}

/** Of those that answer. */
async function statusesOf(members: readonly Member[]): Promise<Known[]> {
  const asked = await Promise.all(members.map(async (member) => ({ member, status: await memberStatus(member.directUrl).catch(() => undefined) })));
  return asked.flatMap(({ member, status }) => (status === undefined ? [] : [{ member, status }]));
}

function nameOf(id: string | null, members: readonly Member[]): string {
  return members.find((member) => member.id === id)?.name ?? "nobody";
}
