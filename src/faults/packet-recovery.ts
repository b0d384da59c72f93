import type { Link } from "../cluster/links.ts";
import type { Pair } from "./cut-links.ts";
import type { FaultContext, Finding } from "./fault.ts";
import type { PacketFiltering } from "./packet-filtering.ts";
import { answersAgain } from "./partition-links.ts";
import { flowsAgain } from "./partition-traffic.ts";

/** The links on which a probe passes the filter: it dials the link, and the link's proxy dials the target. */
export function linksToTargets({ cluster, targets }: FaultContext): Link[] {
  return targets.flatMap((target) => cluster.members.filter((member) => member !== target).map(({ name }) => cluster.links.between(name, target.name)));
}

const limitMs = 15_000;
/** The kernel gives up a connection that is being opened after its sixth repetition. */
const repetitionLimitMs = 130_000;

/**
 * Waits until the filters are gone, every link answers and bytes flow. What was lost is sent
 * again after ever longer pauses, so that the first repetition may take as long again as the
 * fault was in force.
 */
export async function packetsFlowAgain(context: FaultContext, filtering: PacketFiltering, pairs: readonly Pair[], putMs: number): Promise<Finding> {
  const patienceMs = limitMs + Math.min(context.clock.nowMs() - putMs, repetitionLimitMs);
  const [answering, flowing] = await Promise.all([
    answersAgain(linksToTargets(context), context, filtering, patienceMs),
    flowsAgain(pairs, context, filtering, patienceMs),
  ]);
  return { sinceMs: Math.max(answering.sinceMs, flowing.sinceMs), proofs: [await filtering.proofLifted(), answering.proof, flowing.proof] };
}
