import { z } from "zod";
import { waitFor } from "../clock.ts";
import { defineFault, type ActiveFault } from "./fault.ts";
import { countsProof, directionOption, filteredPairs, PacketFiltering, unfitWithoutPeers, untilUnfiltered, wayOf } from "./packet-filtering.ts";
import { showsDrop } from "./packet-counts.ts";
import { linksToTargets, packetsFlowAgain } from "./packet-recovery.ts";
import { cutProof } from "./partition-links.ts";
import { silence, watchFlow } from "./partition-traffic.ts";
import { roundTrips } from "./probe.ts";
import { targetSchema } from "./target.ts";

const options = z.strictObject({ target: targetSchema, direction: directionOption });

const beforeLimitMs = 1_000;
const answerLimitMinMs = 300;
const countLimitMs = 10_000;

/**
 * Drops the packets between the targets and all other members, as a dead cable does: nothing is
 * closed and nothing is held back, and what was lost is sent again later.
 *
 * Three things show it: the kernel's own counters of the rule, no answer over the links that
 * lead to the targets, and raft bytes that stop in the directions that are dropped.
 */
export const packetDrop = defineFault({
  kind: "packet-drop",
  summary: "Drops all packets between the target and the other members, one way or both (iptables; in docker as root).",
  glyph: "⊘",
  options,
  needs: ["packets"],
  title: ({ target, direction }) => `drop packets of ${target}${wayOf(direction)}`,
  unfit: unfitWithoutPeers,
  async inject(context, { direction }): Promise<ActiveFault> {
    const { targets, clock, signal } = context;
    await untilUnfiltered(context);
    const pairs = filteredPairs(context, direction);
    const links = linksToTargets(context);
    const [before, flowBefore] = await Promise.all([roundTrips(links, clock, { limitMs: beforeLimitMs, signal }), watchFlow(pairs, context, beforeLimitMs)]);
    const slowestMs = Math.max(...before.map(({ tookMs = 0 }) => tookMs));
    const filtering = await PacketFiltering.put(context, { direction, share: 1 }, "cut");
    const putMs = clock.nowMs();
    return {
      async effect() {
        const limitMs = Math.max(answerLimitMinMs, 3 * slowestMs);
        const [after, silent] = await Promise.all([roundTrips(links, clock, { limitMs, signal }), silence(pairs, context, flowBefore, putMs)]);
        const shown = ({ counts }: Awaited<ReturnType<PacketFiltering["counts"]>>[number]): boolean => counts !== undefined && showsDrop(counts, filtering.drop);
        await waitFor(clock, async () => ((await filtering.counts()).every(shown) ? true : undefined), { limitMs: countLimitMs, everyMs: 100, signal });
        const counted = await filtering.counts();
        const proofs = [...counted.map((each) => countsProof(each, shown(each))), cutProof(before, after, targets, limitMs)];
        return { sinceMs: silent?.sinceMs ?? putMs, proofs: [...proofs, ...(silent === undefined ? [] : [silent.proof])] };
      },
      heal: () => filtering.lift(),
      healed: () => packetsFlowAgain(context, filtering, pairs, putMs),
    };
  },
});
