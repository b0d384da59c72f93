import { formatDuration } from "../units/duration.ts";
import type { Pair } from "./cut-links.ts";
import type { FaultContext, Seen } from "./fault.ts";
import { bytesOf, PeerFlow, type Stream } from "./peer-flow.ts";
import { readPeers } from "./peer-traffic.ts";
import { listed } from "./probe.ts";

const source = "peer bytes";
const readEveryMs = 50;
/** A member that hears nothing calls for votes after one or two election time-outs, of a second by default. */
const limitMs = 10_000;

/**
 * Reads counters until bytes were received in the open direction of each pair that is cut one
 * way and has a leader at an end: without them the cut would be of both directions. To be asked
 * once the cut direction is silent, so that what was under way then is not taken for more.
 * Undefined where only followers are parted, or nothing is cut one way.
 */
export async function stillFlowing(pairs: readonly Pair[], { cluster, clock, signal }: FaultContext): Promise<Seen | undefined> {
  const oneWay = pairs.filter((pair) => pair.oneWay);
  if (oneWay.length === 0) return undefined;
  const endMs = clock.nowMs() + limitMs;
  const flow = new PeerFlow(oneWay, await readPeers(cluster.members, clock));
  if (flow.busy(oneWay).length === 0) return undefined;
  for (;;) {
    await clock.sleep(readEveryMs, signal);
    flow.add(await readPeers(cluster.members, clock));
    const open = flow.open(flow.busy(oneWay));
    const still = open.filter(({ bytes }) => bytes === 0);
    const moving = open.length > 0 && still.length === 0;
    if (!moving && clock.nowMs() < endMs) continue;
    const within = formatDuration(flow.lengthMs);
    if (!moving) return { sinceMs: flow.last.toMs, proof: { source, text: `nothing came the way that should be open within ${within}: ${named(still)}`, holds: false } };
    const cutBytes = bytesOf(flow.cut(oneWay));
    return { sinceMs: flow.last.toMs, proof: { source, text: `${named(open)}: ${bytesOf(open)} B within ${within}, against ${cutBytes} B the way that is cut`, holds: cutBytes === 0 } };
  }
}

function named(streams: readonly Stream[]): string {
  return listed(streams.map(({ from, to }) => `${from.name} → ${to.name}`));
}
