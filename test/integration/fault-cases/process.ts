import { expect } from "chai";
import { isHealthy } from "../../../src/cluster/gateway.ts";
import { inject, until, whileInForce, writable } from "../live-faults.ts";
import type { FaultCase } from "./fault-case.ts";

export const processCases: readonly FaultCase[] = [
  {
    kind: "stop",
    title: "the leader",
    targets: ([leader]) => [leader],
    async look(_, [leader, follower]) {
      expect((await leader.state()).kind).to.equal("down");
      await until("the others take writes", () => writable(follower));
      expect(await isHealthy(leader.directUrl, { serializable: true })).to.equal(false);
    },
  },
  { kind: "restart", title: "of a follower, killed", targets: ([, follower]) => [follower], oneShot: true },
  { kind: "restart", title: "of a follower, in order", options: { graceful: true }, targets: ([, follower]) => [follower], oneShot: true },
  { kind: "rolling-restart", title: "of all", options: { pause: "100ms" }, targets: (sorted) => sorted },
  { kind: "crash-loop", title: "of a follower, as soon as it answers", targets: ([, follower]) => [follower] },
  { kind: "crash-loop", title: "of all, every half second", options: { every: "500ms" }, targets: (sorted) => sorted },
  {
    kind: "cpu-starvation",
    title: "of the leader, to a tenth, with a pause in the middle",
    options: { share: 0.1 },
    targets: ([leader]) => [leader],
    async look(cluster, [leader]) {
      expect(await leader.state()).to.deep.equal({ kind: "running" });
      await whileInForce(inject(cluster, "pause", [leader]));
      expect(await leader.state()).to.deep.equal({ kind: "running" });
    },
  },
  {
    kind: "memory-pressure",
    title: "of a follower",
    targets: ([, follower]) => [follower],
    async look(_, [, follower]) {
      expect(await follower.state()).to.deep.equal({ kind: "down", exit: "exit code 137, killed for memory" });
    },
    gaps: { local: "only a container engine limits the memory of a member" },
  },
  {
    kind: "wipe",
    title: "a follower",
    targets: ([, follower]) => [follower],
    look: async (_, [leader]) => until("the others take writes", () => writable(leader)),
  },
];
