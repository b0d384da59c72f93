import { expect } from "chai";
import { isHealthy } from "../../../src/cluster/gateway.ts";
import { until, writable } from "../live-faults.ts";
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
];
