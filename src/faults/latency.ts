import { z } from "zod";
import { clients, type Link } from "../cluster/links.ts";
import { durationOption } from "../units/duration-option.ts";
import { formatDuration } from "../units/duration.ts";
import { linksOf, pairsAcross } from "./cut-links.ts";
import { defineFault, type ActiveFault, type FaultContext } from "./fault.ts";
import { Impairments } from "./impairments.ts";
import { LinkPace } from "./link-pace.ts";
import { targetSchema } from "./target.ts";

const options = z
  .strictObject({
    target: targetSchema,
    latency: durationOption("Added to everything in each direction, so a round trip takes twice as much longer."),
    jitter: durationOption("The latency varies by up to so much, evenly.").default(0),
    on: z
      .enum(["peers", "clients"])
      .default("peers")
      .meta({ description: "The links between the target and the other members, or those from the clients to the target." }),
  })
  .refine(({ latency }) => latency > 0, { path: ["latency"], message: "must be longer than zero" })
  .refine(({ latency, jitter }) => jitter <= latency, { path: ["jitter"], message: "must not be more than the latency, which it varies" });

/**
 * Slows every link of the targets in both directions. Two things show it: the toxics are read
 * back, and a round trip over each link takes longer than before by what was asked for.
 */
export const latency = defineFault({
  kind: "latency",
  summary: "Delays all data on the target's links, peer or client.",
  glyph: "⧖",
  options,
  needs: [],
  title: ({ target, latency, jitter, on }) =>
    `latency ${formatDuration(latency)}${jitter > 0 ? ` ± ${formatDuration(jitter)}` : ""} on ${target}'s ${on === "peers" ? "peer" : "client"} links`,
  unfit: ({ on }, memberCount) => (on === "peers" && memberCount < 2 ? 'a cluster of one member has no peer links that could be slowed, only those "on: clients"' : undefined),
  async inject(context, { latency: latencyMs, jitter: jitterMs, on }): Promise<ActiveFault> {
    const links = slowedLinks(context, on);
    const pace = await LinkPace.before(links, { latencyMs, jitterMs }, context);
    const slowed = await Impairments.put(links, "slowed", (link) => link.impair({ type: "latency", latencyMs, jitterMs, streams: "both", toxicity: 1 }));
    return {
      async effect() {
        const { sinceMs, proof } = await pace.untilSlow();
        return { sinceMs, proofs: [await slowed.proofInForce(), proof] };
      },
      heal: () => slowed.lift(),
      async healed() {
        const { sinceMs, proof } = await pace.untilQuick(slowed);
        return { sinceMs, proofs: [await slowed.proofLifted(), proof] };
      },
    };
  },
});

function slowedLinks({ cluster, targets }: FaultContext, on: "peers" | "clients"): Link[] {
  if (on === "clients") return targets.map((target) => cluster.links.between(clients, target.name));
  return linksOf(pairsAcross(targets, cluster.members), cluster.links);
}
