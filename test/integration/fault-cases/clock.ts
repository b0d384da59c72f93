import { expect } from "chai";
import { grantLease, leaseLeft } from "../../../src/cluster/leases.ts";
import { whyNoClockFaults } from "../../../src/cluster/clock/clock-shim.ts";
import { testClock } from "../../support/cluster.ts";
import { writable } from "../live-faults.ts";
import type { FaultCase } from "./fault-case.ts";

const lacking = await whyNoClockFaults();
const gaps: Required<Pick<FaultCase, "gaps">> = { gaps: lacking === undefined ? {} : { local: lacking, docker: lacking } };

export const clockCases: readonly FaultCase[] = [
  {
    kind: "clock-jump",
    title: "of the leader, which keeps its office",
    options: { by: "70s" },
    targets: ([leader]) => [leader],
    look: async (_, [leader]) => void expect(await writable(leader)).to.equal(true),
    ...gaps,
  },
  { kind: "clock-jump", title: "of all, by an hour", options: { by: "1h" }, targets: (sorted) => sorted, ...gaps },
  {
    kind: "clock-rate",
    title: "of the leader, ten times as fast",
    options: { rate: 10 },
    targets: ([leader]) => [leader],
    async look(_, [leader]) {
      const lease = await grantLease(leader.directUrl, 600);
      if (lease === undefined) return expect.fail("no lease was granted");
      await testClock.sleep(2_000);
      expect(await leaseLeft(leader.directUrl, lease)).to.be.lessThan(590);
    },
    ...gaps,
  },
  { kind: "clock-rate", title: "of a follower, at half the speed", options: { rate: 0.5 }, targets: ([, follower]) => [follower], ...gaps },
];
