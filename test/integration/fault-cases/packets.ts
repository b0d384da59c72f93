import { expect } from "chai";
import { isHealthy } from "../../../src/cluster/gateway.ts";
import { runtimesHere } from "../../../src/cluster/runtime.ts";
import { answers, until, writable } from "../live-faults.ts";
import type { FaultCase } from "./fault-case.ts";

/** They need iptables, and in docker root: what this machine lacks is a gap here. */
const gaps = Object.fromEntries((await runtimesHere()).flatMap(({ kind, lacks }) => (lacks.packets === undefined ? [] : [[kind, lacks.packets]])));

export const packetsCases: readonly FaultCase[] = [
  {
    kind: "packet-drop",
    title: "out of the leader, which then is heard by nobody and still answers its clients",
    options: { direction: "out" },
    targets: ([leader]) => [leader],
    async look(cluster, [leader, follower]) {
      expect(await answers(cluster.links.between(follower.name, leader.name))).to.equal(false);
      await until("the others take writes", () => writable(follower));
      expect(await isHealthy(leader.directUrl, { serializable: true })).to.equal(true);
    },
    gaps,
  },
  {
    kind: "packet-loss",
    title: "of a tenth of a follower's packets",
    options: { share: 0.1 },
    targets: ([, follower]) => [follower],
    look: async (_, [leader]) => until("the leader takes writes", () => writable(leader)),
    gaps,
  },
];
