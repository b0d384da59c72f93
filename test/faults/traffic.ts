import type { Clock } from "../../src/clock.ts";
import type { Member } from "../../src/cluster/member.ts";
import type { FaultContext } from "../../src/faults/fault.ts";
import type { Resources } from "../../src/resources.ts";
import { clusterDouble, memberDouble, speaker, type Said } from "./doubles.ts";

/** What the members' counters do from one look to the next. */
export class Traffic {
  /** Directions `from>to` that carry bytes. */
  flowing = new Set<string>();
  unreadable = new Set<number>();
  leader = 1;
  readonly #bytes = new Map<string, number>();

  metrics(to: number): Said | undefined {
    if (this.unreadable.has(to)) return { status: 503 };
    const lines = [1, 2, 3].map((from) => {
      const direction = `${from}>${to}`;
      if (this.flowing.has(direction)) this.#bytes.set(direction, (this.#bytes.get(direction) ?? 1000) + 100);
      return `etcd_network_peer_received_bytes_total{From="a${from}"} ${this.#bytes.get(direction) ?? 1000}`;
    });
    return { body: [...lines, `etcd_server_is_leader ${this.leader === to ? 1 : 0}`, ""].join("\n") };
  }
}

/** Three members whose counters tell of the traffic; the first is the target of what is looked at. */
export async function trafficScene(traffic: Traffic, clock: Clock, resources: Resources): Promise<{ members: Member[]; context: FaultContext }> {
  const members: Member[] = [];
  for (const number of [1, 2, 3]) {
    const { address } = resources.use(await speaker(() => traffic.metrics(number)));
    members.push(memberDouble(`etcd-${number}`, {}, { directUrl: `http://${address}` }));
  }
  return { members, context: { cluster: clusterDouble(members), targets: members.slice(0, 1), clock, signal: new AbortController().signal } };
}
