import { z } from "zod";
import { waitFor } from "../clock.ts";
import { isHealthy, memberStatus } from "../cluster/gateway.ts";
import { capabilities, type Killable, type Member, type Restartable, type Wipeable } from "../cluster/member.ts";
import { HarnessError } from "../errors.ts";
import type { Proof } from "../recording/events.ts";
import { Downed } from "./downed.ts";
import { toEach, undoAfter } from "./each.ts";
import { defineFault, type ActiveFault, type FaultContext } from "./fault.ts";
import { excuse, type Hold } from "./holds.ts";
import { listMembers, replace, type Lost } from "./replacing.ts";
import { targetSchema } from "./target.ts";

const options = z.strictObject({ target: targetSchema });

type Forgetful = Member & Killable & Restartable & Wipeable;

/**
 * Takes the targets' data and starts them. etcd refuses to begin anew under a name that the
 * cluster knows, and stays down; healing replaces the member, as its manual says.
 */
export const wipe = defineFault({
  kind: "wipe",
  summary: "Kills the target, empties its data directory and starts it, which etcd refuses; then replaces the member.",
  glyph: "∅",
  options,
  needs: ["kill", "restart", "wipe"],
  title: ({ target }) => `wipe ${target}`,
  unfit: ({ target }, memberCount) =>
    memberCount < 3 || target === "all" || target === "majority" ? "only a majority that keeps its data can replace the members that lost theirs" : undefined,
  async inject(context): Promise<ActiveFault> {
    const { targets, cluster, clock, signal } = context;
    const members = targets.map(forgetful);
    const others = cluster.members.filter((member) => !targets.includes(member));
    const lost = await placesOf(members, others);
    const refusals = new Map(members.map((member) => [member, refusalOf(member)]));
    signal.throwIfAborted();
    const wiped = new Set<Forgetful>();
    const downed = await Downed.take(
      members,
      (member) => member.kill(),
      async (member) => {
        const place = lost.get(member);
        if (!wiped.has(member) || place === undefined) return;
        await replace(member, place, others, clock);
        wiped.delete(member);
      },
    );
    try {
      await toEach(members, async (member) => {
        wiped.add(member);
        await member.wipe();
        // That it does not come up is what is expected.
        await member.restart().catch(() => undefined);
      });
    } catch (error) {
      throw await undoAfter(error, () => downed.revive());
    }
    const wipedMs = clock.nowMs();
    return {
      effect: async () => ({ sinceMs: wipedMs, proofs: await Promise.all(members.map((member) => proofOfRefusal(member, refusals.get(member)))) }),
      heal: () => downed.revive(),
      async healed() {
        const proofs = await Promise.all(members.map((member) => proofOfReplacement(member, lost.get(member)?.formerId, context, downed.holds)));
        return { sinceMs: clock.nowMs(), proofs };
      },
    };
  },
});

function forgetful(member: Member): Forgetful {
  if (capabilities.kill(member) && capabilities.restart(member) && capabilities.wipe(member)) return member;
  throw new HarnessError("fault", `${member.name}'s data cannot be taken from it in this runtime`);
}

async function placesOf(members: readonly Forgetful[], others: readonly Member[]): Promise<Map<Forgetful, Lost>> {
  const [via] = others;
  if (via === undefined) throw new HarnessError("fault", "no member is left that could replace the others");
  const all = await listMembers(via);
  return new Map(
    members.map((member) => {
      const peerUrl = all.find(({ id }) => id === member.id)?.peerUrls[0];
      if (peerUrl === undefined) throw new HarnessError("fault", `${via.name} lists no member with ${member.name}'s id ${member.id}`);
      return [member, { formerId: member.id, peerUrl }] as const;
    }),
  );
}

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

const catchUpLimitMs = 20_000;

/** It is healthy by quorum under its new id, has all that the others have, and its old id is gone from the list. */
async function proofOfReplacement(member: Member, formerId: string | undefined, { cluster, targets, clock }: FaultContext, own: readonly Hold[]): Promise<Proof> {
  const source = "members";
  const others = cluster.members.filter((each) => !targets.includes(each));
  const wanted = Math.max(0, ...(await Promise.all(others.map(({ directUrl }) => memberStatus(directUrl).then(({ revision }) => revision, () => 0)))));
  const found = await waitFor(clock, () => lookAt(member, wanted, own), { limitMs: catchUpLimitMs });
  if (found === undefined) return { source, text: `${member.name} is not healthy with all that the others have (revision ${wanted})`, holds: false };
  if (found.excused !== undefined) return { source, text: found.excused, holds: true };
  const ids = (await listMembers(member)).map(({ id }) => id);
  const text = `${member.name} is healthy at revision ${found.revision} (the others: ${wanted}) with id ${found.id}, in place of ${formerId}`;
  const replaced = found.id === member.id && found.id !== formerId && ids.includes(found.id) && !ids.includes(formerId ?? "");
  return { source, text: replaced ? text : `${text}; the cluster lists ${ids.join(", ")}`, holds: replaced };
}

async function lookAt(member: Member, wantedRevision: number, own: readonly Hold[]): Promise<{ excused?: string; id: string; revision: number } | undefined> {
  const excused = excuse([member], ["paused", "killed"], own);
  if (excused !== undefined) return { excused, id: "", revision: 0 };
  if (!(await isHealthy(member.directUrl))) return undefined;
  const { id, revision } = await memberStatus(member.directUrl).catch(() => ({ id: "", revision: 0 }));
  return revision >= wantedRevision ? { id, revision } : undefined;
}
