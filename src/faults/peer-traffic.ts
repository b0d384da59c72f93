import type { Clock } from "../clock.ts";
import type { Member } from "../cluster/member.ts";
import { metricsPage } from "./metrics-page.ts";

/**
 * Raft bytes that members received from each other, by etcd's own counters
 * (`etcd_network_peer_received_bytes_total`): Toxiproxy counts only closed connections, so
 * what the members saw is the better evidence. Keep-alives of the transport count for no peer.
 */
export interface PeerReading {
  /** Every counter was read between these two moments. */
  readonly fromMs: number;
  readonly toMs: number;
  /** Bytes that `to` received from `from`; undefined when `to` could not be read. */
  received(from: Member, to: Member): number | undefined;
  /** True when the member says of itself that it leads; one that is cut off may be wrong for a while. */
  leads(member: Member): boolean;
  /** True when any does. */
  readonly led: boolean;
}

/** What one member's metrics say. */
export interface PeerCounters {
  /** Bytes by the sender's raft id; a peer that never sent anything has no entry. */
  readonly received: ReadonlyMap<string, number>;
  readonly leads: boolean;
}

/** Reads the counters of all members; one that does not answer within the limit has none. */
export async function readPeers(members: readonly Member[], clock: Clock, limitMs = 500): Promise<PeerReading> {
  const fromMs = clock.nowMs();
  const byMember = new Map(await Promise.all(members.map(async (member) => [member.name, await readCounters(member, limitMs)] as const)));
  return {
    fromMs,
    toMs: clock.nowMs(),
    received(from, to) {
      const counters = byMember.get(to.name);
      return counters && (counters.received.get(from.id) ?? 0);
    },
    leads: ({ name }) => byMember.get(name)?.leads ?? false,
    led: [...byMember.values()].some((counters) => counters?.leads ?? false),
  };
}

async function readCounters(member: Member, limitMs: number): Promise<PeerCounters | undefined> {
  const text = await metricsPage(member, { limitMs });
  return text === undefined ? undefined : parsePeerCounters(text);
}

const receivedBytes = /^etcd_network_peer_received_bytes_total\{From="([0-9a-f]+)"\} (\S+)$/gm;
const isLeader = /^etcd_server_is_leader (\d)$/m;

/** Undefined when the text is no metrics of an etcd server: the lack of a counter must not pass for silence. */
export function parsePeerCounters(text: string): PeerCounters | undefined {
  const leads = isLeader.exec(text)?.[1];
  if (leads === undefined) return undefined;
  return { received: new Map([...text.matchAll(receivedBytes)].map(([, from = "", bytes = ""]) => [from, Number(bytes)])), leads: leads === "1" };
}
