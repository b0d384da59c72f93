import { expect } from "chai";
import type { RunningCluster } from "../../src/cluster/cluster.ts";
import { startTestCluster } from "../support/cluster.ts";
import { get, put } from "../support/kv.ts";
import { operationsCases } from "./fault-cases/operations.ts";
import { failureOf, inject, leaderFirst, textOf, until, untilUsable, whileInForce } from "./live-faults.ts";

describe("etcd's own operations as faults", function () {
  this.timeout(120_000);

  describe("on a cluster with a small quota", () => {
    let cluster: RunningCluster;
    before(async () => (cluster = await startTestCluster("local", { flags: { "quota-backend-bytes": 8 * 1_048_576 } })));
    after(async () => cluster[Symbol.asyncDispose]());
    afterEach(() => untilUsable(cluster));

    it("no-space fills it until puts are refused, and leaves what was there", async () => {
      const [leader, follower] = await leaderFirst(cluster);
      await put(leader.clientUrl, "kept", "before");
      const { effect, healed } = await whileInForce(inject(cluster, "no-space", [follower], { via: "fill" }), async () => {
        expect(await put(leader.clientUrl, "kept", "during").catch(String)).to.contain("database space exceeded");
        expect(await get(leader.clientUrl, "kept")).to.equal("before");
      });
      expect(textOf(effect, "alarms")).to.match(/^\d MiB into a quota of 8 MiB; NOSPACE is raised by etcd-/);
      expect(textOf(healed, "alarms")).to.match(/^no alarm is raised, and etcd-\d takes a put$/);
      expect(await get(follower.clientUrl, "kept")).to.equal("before");
    });

    it("no-space takes back what it filled in when the run is aborted meanwhile", async () => {
      const targets = await leaderFirst(cluster);
      const abort = new AbortController();
      const injecting = failureOf(inject(cluster, "no-space", targets, { via: "fill" }, { signal: abort.signal }));
      await until("it has begun to fill", async () => (await get(cluster.members[0]?.directUrl ?? "", "etcd-chaos/filler/0")) !== undefined);
      abort.abort(new Error("SIGINT"));
      expect(await injecting).to.equal("SIGINT");
      expect(await get(cluster.members[0]?.directUrl ?? "", "etcd-chaos/filler/0")).to.equal(undefined);
      await whileInForce(inject(cluster, "no-space", targets, { via: "fill" }));
    });
  });

  describe("on etcd 3.4", () => {
    let cluster: RunningCluster;
    before(async () => {
      cluster = await startTestCluster("local", { etcd: "3.4", restores: true, spare: true });
      await untilUsable(cluster);
    });
    after(async () => cluster[Symbol.asyncDispose]());
    afterEach(() => untilUsable(cluster));

    for (const { kind, title, options, targets } of operationsCases) {
      it(`${kind} (${title}) is proven and heals with proof`, async () => {
        await whileInForce(inject(cluster, kind, targets(await leaderFirst(cluster)), options));
      });
    }

    it("remove-member brings back a leader too", async () => {
      const [leader] = await leaderFirst(cluster);
      const before = leader.id;
      const { healed } = await whileInForce(inject(cluster, "remove-member", [leader]));
      expect(leader.id).to.not.equal(before);
      expect(textOf(healed, "member list")).to.contain(`${leader.name} is back as a new member with id ${leader.id} in place of ${before}, with a vote`);
    });

    it("corrupt says what etcd makes of a database that was cut off", async () => {
      const [, follower] = await leaderFirst(cluster);
      const { effect } = await whileInForce(inject(cluster, "corrupt", [follower], { file: "db", how: "truncate" }));
      expect(textOf(effect, "data file")).to.match(/^member\/snap\/db of etcd-\d: cut off at byte \d+ of \d+ in use, sha256 [0-9a-f]{12}… before and [0-9a-f]{12}… after; etcd /);
    });
  });
});
