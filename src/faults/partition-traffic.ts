import type { Proof } from "../recording/events.ts";
import { formatDuration } from "../units/duration.ts";
import { linksOf, nameOf, type Pair } from "./cut-links.ts";
import type { FaultContext, Seen } from "./fault.ts";
import { excuse, type Holder } from "./holds.ts";
import { bytesOf, PeerFlow, type Stream } from "./peer-flow.ts";
import { readPeers } from "./peer-traffic.ts";
import { listed } from "./probe.ts";

const source = "peer bytes";
/** Heartbeats go every 100 ms by default, so that a pair with a leader is never silent for so long. */
const quietMs = 500;
const readEveryMs = 50;
const biteLimitMs = 5_000;
const healLimitMs = 15_000;

/**
 * Reads counters before the cut until bytes are seen to flow on every pair that is never idle;
 * only then will their silence show something. Ends without at the limit.
 */
export async function watchFlow(pairs: readonly Pair[], context: FaultContext, limitMs: number): Promise<PeerFlow> {
  const { cluster, clock, signal } = context;
  const endMs = clock.nowMs() + limitMs;
  const flow = new PeerFlow(pairs, await readPeers(cluster.members, clock));
  const free = pairs.filter((pair) => excuseOf(pair, context) === undefined);
  for (;;) {
    const busy = flow.busy(free);
    if (flow.flowing(busy).length === busy.length || clock.nowMs() >= endMs) return flow;
    await clock.sleep(readEveryMs / 2, signal);
    flow.add(await readPeers(cluster.members, clock));
  }
}

/**
 * Reads counters until nothing was received for `quietMs` in the directions that are cut; it is
 * so since the last byte was seen, or since the cut. Undefined where only followers are parted:
 * they had nothing to send each other before, so that counters cannot show anything.
 */
export async function silence(pairs: readonly Pair[], { cluster, clock, signal }: FaultContext, before: PeerFlow, cutMs: number): Promise<Seen | undefined> {
  if (before.busy(pairs).length === 0) return undefined;
  const endMs = cutMs + biteLimitMs;
  const flowed = before.flowing(pairs);
  const flow = new PeerFlow(pairs, before.last);
  for (;;) {
    flow.add(await readPeers(cluster.members, clock));
    const quiet = flow.cut(flowed).every((stream) => silentForMs(stream, cutMs) >= quietMs);
    const noisy = flow.cut(pairs).filter(({ silentFromMs = 0 }) => flow.last.fromMs - Math.max(cutMs, silentFromMs) < quietMs);
    if ((quiet && noisy.length === 0) || clock.nowMs() >= endMs) {
      const lastByteMs = flow.cut(pairs).map(({ silentFromMs = 0 }) => silentFromMs);
      return { sinceMs: Math.max(cutMs, ...lastByteMs), proof: silenceProof({ before, flow, flowed, noisy, quiet, cutMs }) };
    }
    await clock.sleep(readEveryMs, signal);
  }
}

/** Negative where the receiver could not be read since. */
function silentForMs({ silentFromMs, silentToMs }: Stream, cutMs: number): number {
  return silentFromMs === undefined || silentToMs === undefined ? -1 : silentToMs - Math.max(cutMs, silentFromMs);
}

interface Silence {
  readonly before: PeerFlow;
  readonly flow: PeerFlow;
  /** Pairs that had been exchanging bytes before the cut. */
  readonly flowed: readonly Pair[];
  /** What was received too lately to speak of silence. */
  readonly noisy: readonly Stream[];
  /** Every receiver of the pairs that flowed was read, and had received nothing for long enough. */
  readonly quiet: boolean;
  readonly cutMs: number;
}

function silenceProof({ before, flow, flowed, noisy, quiet, cutMs }: Silence): Proof {
  const names = listed(flowed.map(nameOf));
  if (flowed.length === 0) {
    return { source, text: `no bytes were seen to flow in the ${formatDuration(before.lengthMs)} before the cut, so that silence shows nothing`, holds: false };
  }
  if (noisy.length > 0) {
    const places = listed(noisy.map(({ from, to, bytes }) => `${bytes} B from ${from.name} to ${to.name}`));
    return { source, text: `bytes still flow ${formatDuration(flow.last.toMs - cutMs)} after the cut: ${places}`, holds: false };
  }
  const unread = flow.cut(flowed).filter((stream) => silentForMs(stream, cutMs) < quietMs);
  if (!quiet) return { source, text: `the counters of ${listed([...new Set(unread.map(({ to }) => to.name))])} could not be read`, holds: false };
  const silentMs = Math.min(...flow.cut(flowed).map((stream) => silentForMs(stream, cutMs)));
  return { source, text: `${names}: ${bytesOf(before.cut(flowed))} B in the ${formatDuration(before.lengthMs)} before the cut, then none for ${formatDuration(silentMs)}`, holds: true };
}

/** Waits until every pair that is never idle exchanges bytes again, but for those that another fault stands in the way of. */
export async function flowsAgain(pairs: readonly Pair[], context: FaultContext, cuts: Holder, limitMs = healLimitMs): Promise<Seen> {
  const { cluster, clock } = context;
  const endMs = clock.nowMs() + limitMs;
  const flow = new PeerFlow(pairs, await readPeers(cluster.members, clock));
  for (;;) {
    flow.add(await readPeers(cluster.members, clock));
    const excuses = new Map(pairs.map((pair) => [pair, excuseOf(pair, context, cuts)]));
    const busy = flow.busy(pairs.filter((pair) => excuses.get(pair) === undefined));
    const silent = busy.filter((pair) => !flow.flowing(busy).includes(pair));
    if (silent.length === 0 || clock.nowMs() >= endMs) {
      return { sinceMs: flow.last.toMs, proof: flowProof(flow, busy, silent, [...new Set([...excuses.values()].flatMap((text) => text ?? []))]) };
    }
    await clock.sleep(readEveryMs);
  }
}

function flowProof(flow: PeerFlow, busy: readonly Pair[], silent: readonly Pair[], excuses: readonly string[]): Proof {
  const within = formatDuration(flow.lengthMs);
  if (silent.length > 0) return { source, text: `${listed(silent.map(nameOf))}: not both directions carried bytes within ${within}`, holds: false };
  if (busy.length === 0) return { source, text: excuses.length > 0 ? `nothing can flow yet: ${listed(excuses)}` : "nothing has to flow: followers send each other nothing", holds: true };
  return { source, text: [`${listed(busy.map(nameOf))}: ${bytesOf(flow.streams(busy))} B within ${within}`, ...(excuses.length > 0 ? [listed(excuses)] : [])].join("; "), holds: true };
}

/** Why nothing can be expected to flow between two members: another fault cuts them apart, or keeps one from answering. */
function excuseOf(pair: Pair, { cluster }: FaultContext, cuts?: Holder): string | undefined {
  return excuse([...linksOf([pair], cluster.links), pair.a, pair.b], ["cut", "impaired", "paused", "killed"], cuts?.holds);
}
