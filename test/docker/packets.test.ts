import { expect } from "chai";
import type { RunningCluster } from "../../src/cluster/cluster.ts";
import { runtimesHere } from "../../src/cluster/runtime.ts";
import { leaderFirst, untilUsable } from "../integration/live-faults.ts";
import { describePacketFilters, filterable, machineRules } from "../integration/packet-filter-life.ts";
import { startTestCluster } from "../support/cluster.ts";
import { describeWithDocker } from "../support/docker.ts";

const missing = (await runtimesHere()).find(({ kind }) => kind === "docker")?.lacks.packets;

describeWithDocker(`packet filters of docker members${missing === undefined ? "" : `, not available: ${missing}`}`, function () {
  this.timeout(60_000);
  if (missing !== undefined) {
    it("are left out on this machine");
    return;
  }
  let cluster: RunningCluster;
  before(async () => {
    cluster = await startTestCluster("docker");
  });
  after(() => cluster[Symbol.asyncDispose]());

  it("are put on again when the member is restarted, and never in the network of the machine", async () => {
    const [, follower] = await leaderFirst(cluster);
    const member = filterable(follower);
    // Few are lost: a member that reaches no peers takes long to start.
    const filter = await member.dropPackets({ direction: "both", share: 0.05 });
    try {
      await member.kill();
      expect(await filter.counts()).to.equal(undefined);
      await member.restart();
      expect((await filter.counts())?.in.seen).to.be.greaterThan(0);
      expect(await machineRules()).to.deep.equal([]);
    } finally {
      await filter.lift();
    }
    expect(await filter.counts()).to.equal(undefined);
    await untilUsable(cluster);
  });

  describePacketFilters(() => cluster);
});
