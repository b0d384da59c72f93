import { expect } from "chai";
import type { RunningCluster, RuntimeKind } from "../../src/cluster/cluster.ts";
import { capabilities, type Member } from "../../src/cluster/member.ts";
import { failpoint } from "../../src/faults/failpoint.ts";
import { startTestCluster } from "../support/cluster.ts";
import { builtWithFailpoints } from "../support/failpoint-etcd.ts";
import { put } from "../support/kv.ts";
import { abortedWhileProven, failing, effectOf, failureOf, inject, leaderFirst, putMs, textOf, until, untilUsable, whileInForce, writable } from "./live-faults.ts";

const etcd = await builtWithFailpoints();
const { kind } = failpoint;

async function termsAt(member: Member, name: string): Promise<string | undefined> {
  if (!capabilities.failpoints(member)) return expect.fail("it has no failpoints");
  return (await member.failpoints().list()).get(name);
}

/** What a failpoint does to a real etcd that is built with them. */
export function describeFailpoints(runtime: RuntimeKind): void {
  describe(`a failpoint on a ${runtime} cluster${etcd === undefined ? ", not tried: no etcd with failpoints was built here (npm run build:etcd -- --failpoints 3.5)" : ""}`, function () {
    this.timeout(60_000);
    if (etcd === undefined) {
      it("is left out on this machine");
      return;
    }
    let cluster: RunningCluster;
    before(async function () {
      this.timeout(180_000);
      cluster = await startTestCluster(runtime, { etcd, failpoints: true });
      await untilUsable(cluster);
    });
    after(() => cluster[Symbol.asyncDispose]());
    afterEach(() => untilUsable(cluster));

    it("that sleeps slows writes, is proven, heals, and heals twice", async () => {
      const [leader] = await leaderFirst(cluster);
      const sleep = { name: "raftBeforeSave", action: "sleep(100)" };
      const { effect } = await whileInForce(inject(cluster, kind, [leader], sleep), async () => {
        await put(leader.clientUrl, "fault", "before", 10_000);
        expect(await putMs(leader)).to.be.greaterThan(90);
      });
      expect(textOf(effect, "log")).to.include('says "failpoint print: raftBeforeSave", which comes after sleep(100) was done');
      expect(await termsAt(leader, "raftBeforeSave")).to.equal("");
    });

    it("that panics ends the process, which is started again with its data", async () => {
      const [leader, follower] = await leaderFirst(cluster);
      const { effect } = await whileInForce(inject(cluster, kind, [leader], { name: "raftBeforeLeaderSend", action: "panic" }), async () => {
        expect((await leader.state()).kind).to.equal("down");
        await until("the others take writes", () => writable(follower));
      });
      expect(textOf(effect, "log")).to.include("failpoint panic: raftBeforeLeaderSend");
      expect(await leader.state()).to.deep.equal({ kind: "running" });
    });

    it("that heals while the run is aborted leaves nothing told", async () => {
      const [, follower] = await leaderFirst(cluster);
      await abortedWhileProven((signal) => inject(cluster, kind, [follower], { name: "raftBeforeSave", action: "sleep(50)" }, { signal }));
    });

    it("that a return does not fit is not proven", async () => {
      const [leader] = await leaderFirst(cluster);
      const { proofs } = await effectOf(inject(cluster, kind, [leader], { name: "raftBeforeSave", action: "return(7)" }));
      expect(failing(proofs)).to.deep.equal(["log"]);
      expect(textOf({ proofs }, "log")).to.include("it does not take return(7) there");
    });

    it("that there is not is refused", async () => {
      const [leader] = await leaderFirst(cluster);
      expect(await failureOf(inject(cluster, kind, [leader], { name: "raftBeforeNothing", action: "sleep(10)" }))).to.include(`${leader.name} has no failpoint raftBeforeNothing`);
      expect(await failureOf(inject(cluster, kind, [leader], { name: "raftBeforeSave", action: "sleep(10)" }, { signal: AbortSignal.abort(new Error("SIGINT")) }))).to.equal("SIGINT");
    });
  });
}
