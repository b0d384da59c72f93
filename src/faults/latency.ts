import { z } from "zod";
import { durationOption } from "../units/duration-option.ts";
import { formatDuration } from "../units/duration.ts";
import { defineFault, type ActiveFault } from "./fault.ts";
import { Impairments } from "./impairments.ts";
import { LinkPace } from "./link-pace.ts";
import { linksOn, toxicOptions, whereOf } from "./toxic-fault.ts";

const options = z
  .strictObject({
    ...toxicOptions,
    latency: durationOption("Added to everything in each direction, so a round trip takes twice as much longer."),
    jitter: durationOption("The latency varies by up to so much, evenly.").default(0),
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
  title: ({ latency, jitter, ...where }) => `latency ${formatDuration(latency)}${jitter > 0 ? ` ± ${formatDuration(jitter)}` : ""}${whereOf(where)}`,
  unfit: ({ on }, memberCount) => (on === "peers" && memberCount < 2 ? 'a cluster of one member has no peer links that could be slowed, only those "on: clients"' : undefined),
  async inject(context, { latency: latencyMs, jitter: jitterMs, on, toxicity }): Promise<ActiveFault> {
    const links = linksOn(context, on);
    const pace = await LinkPace.before(links, { latencyMs, jitterMs, toxicity }, context);
    const slowed = await Impairments.put(links, "slowed", (link) => link.impair({ type: "latency", latencyMs, jitterMs, streams: "both", toxicity }));
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
