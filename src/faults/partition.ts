import { z } from "zod";
import { linksOf, pairsAcross } from "./cut-links.ts";
import { defineFault, type ActiveFault } from "./fault.ts";
import { Impairments } from "./impairments.ts";
import { answersAgain, cutProof } from "./partition-links.ts";
import { flowsAgain, silence, watchFlow } from "./partition-traffic.ts";
import { roundTrips } from "./probe.ts";
import { targetSchema } from "./target.ts";

const options = z.strictObject({
  target: targetSchema,
  mode: z
    .enum(["blocking", "closing"])
    .default("blocking")
    .meta({ description: "blocking holds data back and keeps connections open, as a lost network does (etcd notices after some 5 s); closing closes them and refuses new ones." }),
});

/** What is looked at before the cut may hold it up by so much: a member that is already frozen never answers. */
const beforeLimitMs = 1_000;
const answerLimitMinMs = 300;

/**
 * Cuts the targets off from all other members, in both directions, on the peer links. Client
 * links stay: clients of a member that is cut off see what it can still do alone.
 *
 * Three things show it: the toxics are read back, no link gives an answer that did before, and
 * the raft bytes that were flowing between the two sides stop.
 */
export const partition = defineFault({
  kind: "partition",
  summary: "Cuts the target off from the other members; clients still reach it.",
  glyph: "✂",
  options,
  needs: [],
  title: ({ target, mode }) => `partition ${target}, ${mode}`,
  unfit: (_, memberCount) => (memberCount < 2 ? "a cluster of one member has no peer links that could be cut" : undefined),
  async inject(context, { mode }): Promise<ActiveFault> {
    const { cluster, targets, clock, signal } = context;
    const pairs = pairsAcross(targets, cluster.members);
    const links = linksOf(pairs, cluster.links);
    const [before, flowBefore] = await Promise.all([
      roundTrips(links, clock, { limitMs: beforeLimitMs, signal }),
      watchFlow(pairs, context, beforeLimitMs),
    ]);
    const slowestMs = Math.max(...before.map(({ tookMs = 0 }) => tookMs));
    const cuts = await Impairments.put(links, "cut", (link) => link.cut(mode));
    const cutMs = clock.nowMs();
    return {
      async effect() {
        const limitMs = Math.max(answerLimitMinMs, 3 * slowestMs);
        const [after, silent] = await Promise.all([roundTrips(links, clock, { limitMs, signal }), silence(pairs, context, flowBefore, cutMs)]);
        return { sinceMs: silent.sinceMs, proofs: [await cuts.proofInForce(), cutProof(before, after, targets, limitMs), silent.proof] };
      },
      heal: () => cuts.lift(),
      async healed() {
        const [answering, flowing] = await Promise.all([answersAgain(links, context, cuts), flowsAgain(pairs, context, cuts)]);
        return { sinceMs: Math.max(answering.sinceMs, flowing.sinceMs), proofs: [await cuts.proofLifted(), answering.proof, flowing.proof] };
      },
    };
  },
});
