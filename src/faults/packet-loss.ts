import { z } from "zod";
import { defineFault, type ActiveFault, type FaultContext } from "./fault.ts";
import { countsProof, directionOption, filteredPairs, PacketFiltering, unfitWithoutPeers, untilUnfiltered, wayOf } from "./packet-filtering.ts";
import { showsDrop } from "./packet-counts.ts";
import { Hindrance } from "./packet-hindrance.ts";
import { packetsFlowAgain } from "./packet-recovery.ts";
import { targetSchema } from "./target.ts";

const options = z.strictObject({
  target: targetSchema,
  share: z
    .number()
    .min(0.05, "must be at least 0.05: less than a packet in twenty cannot be proven in a short time")
    .max(0.95, "must be at most 0.95: to lose every packet, use packet-drop")
    .meta({ description: "How many of the packets are lost: 0.1 is one in ten, each by chance. Which ones the kernel draws, and not the run's seed." }),
  direction: directionOption,
});

const effectLimitMs = 20_000;

/**
 * Loses packets between the targets and all other members by chance, as a bad cable does.
 *
 * Two things show it: the kernel's own counters of packets seen and dropped, and probes over the
 * links that lead to the targets, some of which take as long as a packet takes to be sent again.
 */
export const packetLoss = defineFault({
  kind: "packet-loss",
  summary: "Loses a share of the packets between the target and the other members, one way or both (iptables; in docker as root).",
  glyph: "⁘",
  options,
  needs: ["packets"],
  title: ({ target, share, direction }) => `lose ${Number((100 * share).toFixed(1))} % of packets of ${target}${wayOf(direction)}`,
  unfit: unfitWithoutPeers,
  async inject(context, { share, direction }): Promise<ActiveFault> {
    await untilUnfiltered(context);
    const pairs = filteredPairs(context, direction);
    const hindrance = await Hindrance.before(context);
    const filtering = await PacketFiltering.put(context, { direction, share }, "impaired");
    const putMs = context.clock.nowMs();
    return {
      async effect() {
        return { sinceMs: putMs, proofs: await lossProofs(context, filtering, hindrance) };
      },
      heal: () => filtering.lift(),
      healed: () => packetsFlowAgain(context, filtering, pairs, putMs),
    };
  },
});

/** Probes until the counters show the share and a probe to every target was held up; probes are also packets to be lost. */
async function lossProofs({ clock }: FaultContext, filtering: PacketFiltering, hindrance: Hindrance) {
  const endMs = clock.nowMs() + effectLimitMs;
  for (;;) {
    await hindrance.probe();
    const counted = (await filtering.counts()).map((each) => ({ each, shown: each.counts !== undefined && showsDrop(each.counts, filtering.drop) }));
    if ((counted.every(({ shown }) => shown) && hindrance.everywhere) || clock.nowMs() >= endMs) {
      return [...counted.map(({ each, shown }) => countsProof(each, shown)), hindrance.proof()];
    }
  }
}
