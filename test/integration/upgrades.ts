import { expect } from "chai";
import type { RunningCluster, RuntimeKind } from "../../src/cluster/cluster.ts";
import { memberStatus } from "../../src/cluster/gateway.ts";
import type { Member } from "../../src/cluster/member.ts";
import { startTestCluster } from "../support/cluster.ts";
import { get, put } from "../support/kv.ts";
import { expectHolding, failureOf, inject, leaderFirst, textOf, texts, until, untilUsable, whileInForce } from "./live-faults.ts";

const seriesOf = async ({ directUrl }: Member): Promise<string> => (await memberStatus(directUrl)).version.split(".").slice(0, 2).join(".");

/** What becomes of a cluster of etcd 3.4 of which members are started by 3.5. One test after the other takes it further. */
export function describeUpgrades(runtime: RuntimeKind): void {
  describe(`an upgrade on a ${runtime} cluster of etcd 3.4`, function () {
    this.timeout(90_000);
    let cluster: RunningCluster;
    before(async function () {
      this.timeout(180_000);
      cluster = await startTestCluster(runtime, { etcd: "3.4", alsoEtcd: ["3.4", "3.5"] });
    });
    after(() => cluster[Symbol.asyncDispose]());
    afterEach(() => untilUsable(cluster));

    const newer = async (): Promise<number> => (await Promise.all(cluster.members.map((member) => seriesOf(member).catch(() => "")))).filter((series) => series === "3.5").length;

    it("of a follower is proven, leaves the cluster at its version, and is taken back with its data", async () => {
      const [leader, follower] = await leaderFirst(cluster);
      const { effect, healed } = await whileInForce(inject(cluster, "upgrade", [follower], { target: "follower", to: "3.5", back: true }), async () => {
        expect([await seriesOf(leader), await seriesOf(follower)]).to.deep.equal(["3.4", "3.5"]);
        await put(follower.clientUrl, "upgrades", "written by the newer", 5_000);
        await whileInForce(inject(cluster, "kill", [follower]));
        expect(await seriesOf(follower)).to.equal("3.5", "also when it is started again");
      });
      expect(textOf(effect, "cluster version")).to.match(/^the cluster goes by 3\.4\.0, of members 3\.4\.\d+ and 3\.5\.\d+$/);
      expect(textOf(healed, "cluster version")).to.match(/^the cluster goes by 3\.4\.0, of members 3\.4\.\d+$/);
      expect(await seriesOf(follower)).to.equal("3.4");
      expect(await get(follower.clientUrl, "upgrades", 5_000)).to.equal("written by the newer");
    });

    it("is not injected once the run is aborted", async () => {
      expect(await failureOf(inject(cluster, "upgrade", cluster.members, { to: "3.5" }, { signal: AbortSignal.abort(new Error("SIGINT")) }))).to.equal("SIGINT");
    });

    it("to an etcd that was not prepared leaves the member as it was", async () => {
      const [, follower] = await leaderFirst(cluster);
      const active = await inject(cluster, "upgrade", [follower], { target: "follower", to: "3.6" });
      const trouble = await active.effect().catch(String);
      await active.heal();
      expect(trouble).to.include(`${follower.name} cannot be started by etcd 3.6: it was not asked for before the cluster was started`);
      expectHolding(await active.healed());
    });

    it("that is healed after the first member's turn goes no further", async () => {
      const [leader, follower, other] = await leaderFirst(cluster);
      const active = await inject(cluster, "upgrade", [leader, follower, other], { to: "3.5", order: "leader-last", pause: "60s" });
      const trouble = active.effect().catch(String);
      await until("the first had its turn", async () => (await newer()) === 1);
      await active.heal();
      expect(await trouble).to.include("it ended when 1 of 3 members had had their turn");
      expectHolding(await active.healed());
      expect(await newer()).to.equal(1);
      expect(await seriesOf(leader)).to.equal("3.4");
    });

    it("of the others makes a cluster of the new version", async () => {
      const old = [];
      for (const member of cluster.members) if ((await seriesOf(member)) === "3.4") old.push(member);
      const { healed } = await whileInForce(inject(cluster, "upgrade", old, { target: "minority", to: "3.5", pause: "100ms" }));
      expect(textOf(healed, "cluster version")).to.match(/^the cluster goes by 3\.5\.0, of members 3\.5\.\d+$/);
      expect(await get(old[0]?.clientUrl ?? "", "upgrades", 5_000)).to.equal("written by the newer");
    });

    it("back to 3.4 is refused then, and the member is started as it was before", async () => {
      const [, follower] = await leaderFirst(cluster);
      const active = await inject(cluster, "upgrade", [follower], { target: "follower", to: "3.4" });
      const trouble = await active.effect().catch(String);
      await active.heal();
      expect(trouble).to.match(/ended while starting: exit code 1; it wrote: .*invalid downgrade; server version is lower than determined cluster version/);
      expect(texts(expectHolding(await active.healed())).join()).to.include(`${follower.name} is etcd 3.5.`);
    });
  });
}
