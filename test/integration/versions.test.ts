import { expect } from "chai";
import type { RunningCluster } from "../../src/cluster/cluster.ts";
import { memberStatus, versionsOf } from "../../src/cluster/gateway.ts";
import { startTestCluster } from "../support/cluster.ts";
import { put } from "../support/kv.ts";
import { expectHolding, failureOf, inject, leaderFirst, texts, untilUsable, whileInForce } from "./live-faults.ts";

describe("an upgrade on a local cluster of etcd 3.4", function () {
  this.timeout(90_000);
  let cluster: RunningCluster;
  before(async function () {
    this.timeout(180_000);
    cluster = await startTestCluster("local", { etcd: "3.4", alsoEtcd: ["3.5", "3.4"] });
  });
  after(() => cluster[Symbol.asyncDispose]());
  afterEach(() => untilUsable(cluster));

  it("of a follower makes a mixed cluster of the old version, and goes back", async () => {
    const [leader, follower] = await leaderFirst(cluster);
    const { effect, healed } = await whileInForce(inject(cluster, "upgrade", [follower], { target: "follower", to: "3.5", back: true }), async () => {
      expect((await memberStatus(follower.directUrl)).version).to.match(/^3\.5\./);
      expect((await memberStatus(leader.directUrl)).version).to.match(/^3\.4\./);
      await put(follower.clientUrl, "written", "by the newer one", 5_000);
    });
    console.log(texts(effect), texts(healed));
  });

  it("of all stays", async () => {
    const sorted = await leaderFirst(cluster);
    const { effect, healed } = await whileInForce(inject(cluster, "upgrade", sorted, { to: "3.5", pause: "100ms", order: "leader-last" }));
    console.log(texts(effect), texts(healed));
  });

  it("back is refused", async () => {
    const [, follower] = await leaderFirst(cluster);
    const active = await inject(cluster, "upgrade", [follower], { to: "3.4" });
    console.log(await active.effect().catch(String));
    await active.heal();
    console.log(texts(expectHolding(await active.healed())));
  });
});
