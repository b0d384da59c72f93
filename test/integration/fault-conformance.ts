import { expect } from "chai";
import type { RunningCluster, RuntimeKind } from "../../src/cluster/cluster.ts";
import { isHealthy, memberStatus } from "../../src/cluster/gateway.ts";
import type { Link, Links } from "../../src/cluster/links.ts";
import { capabilities, type Member } from "../../src/cluster/member.ts";
import type { ActiveFault } from "../../src/faults/fault.ts";
import { HastyClock } from "../faults/hasty-clock.ts";
import { startTestCluster, testClock } from "../support/cluster.ts";
import { put } from "../support/kv.ts";
import {
  answers, effectOf, expectHolding, failing, failureOf, inject, leaderFirst, pretender, pretending, putMs, targetsOf, textOf, texts, until, untilUsable,
  versionMs, whileInForce, writable, type Sorted,
} from "./live-faults.ts";

/** The link, which cuts both streams whichever is asked for. */
function wholly(link: Link): Link {
  return { from: link.from, to: link.to, name: link.name, listen: link.listen, inspect: () => link.inspect(), cut: (mode) => link.cut(mode), impair: (toxic) => link.impair(toxic) };
}

/** What every fault must do to a real cluster, whatever the runtime is made of. */
export function describeFaultConformance(runtime: RuntimeKind): void {
  describe(`faults on a ${runtime} cluster`, function () {
    this.timeout(60_000);
    let cluster: RunningCluster;

    before(async function () {
      this.timeout(180_000);
      cluster = await startTestCluster(runtime);
    });
    after(async () => cluster[Symbol.asyncDispose]());
    afterEach(() => untilUsable(cluster));

    describe("a partition", () => {
      for (const mode of ["blocking", "closing"] as const) {
        it(`(${mode}) of the leader stops its writes and no others, is proven, and heals`, async () => {
          const [leader, other] = await leaderFirst(cluster);
          await whileInForce(inject(cluster, "partition", [leader], { mode }), async () => {
            expect(await writable(leader)).to.equal(false, "a write through the member that is cut off");
            await until("the others take writes", () => writable(other));
            expect(await isHealthy(leader.directUrl, { serializable: true })).to.equal(true, "clients still reach it");
          });
        });
      }

      it("of a follower is proven by the leader's traffic, as followers have none among themselves", async () => {
        const [leader, follower, other] = await leaderFirst(cluster);
        const found = await whileInForce(inject(cluster, "partition", [follower], { mode: "closing" }), async () => {
          expect(await writable(follower)).to.equal(false);
          expect(await writable(leader)).to.equal(true);
        });
        const bytes = textOf(found.effect, "peer bytes");
        expect(bytes).to.include(leader.name).and.to.not.include(other.name);
      });

      for (const [title, pick, mode] of [
        ["the leader and a follower", ([leader, follower]: Sorted): [Member, Member] => [leader, follower], "blocking"],
        ["both followers", ([, follower, other]: Sorted): [Member, Member] => [follower, other], "closing"],
      ] as const) {
        it(`of a majority, ${title}, leaves it working and the third alone`, async () => {
          const sorted = await leaderFirst(cluster);
          const targets = pick(sorted);
          const [first] = targets;
          const alone = sorted.filter((member) => !targets.includes(member));
          await whileInForce(inject(cluster, "partition", targets, { mode }), async () => {
            await until("the majority takes writes", () => writable(first));
            for (const member of alone) expect(await writable(member)).to.equal(false);
          });
        });
      }

      it("of all members leaves none that takes a write", async () => {
        await whileInForce(inject(cluster, "partition", targetsOf(cluster, "all"), { mode: "closing" }), async () => {
          expect(await Promise.all(cluster.members.map(writable))).to.deep.equal([false, false, false]);
        });
      });

      it("is in effect from the last byte on, not from when that was noticed", async () => {
        const [leader] = await leaderFirst(cluster);
        const active = await inject(cluster, "partition", [leader]);
        const injectedMs = testClock.nowMs();
        try {
          const { sinceMs } = await active.effect();
          expect(sinceMs).to.be.at.most(testClock.nowMs() - 500);
          expect(sinceMs).to.be.at.least(injectedMs - 100, "not before the cut");
        } finally {
          await active.heal();
        }
      });
    });

    describe("latency", () => {
      it("on the leader's peer links slows its writes, is proven, and heals", async () => {
        const [leader] = await leaderFirst(cluster);
        await whileInForce(inject(cluster, "latency", [leader], { latency: "80ms" }), async () => {
          expect(await putMs(leader)).to.be.at.least(140, "a write needs a follower's answer");
        });
      });

      it("on all client links slows requests and leaves the peers alone", async () => {
        await whileInForce(inject(cluster, "latency", targetsOf(cluster, "all"), { latency: "60ms", jitter: "20ms", on: "clients" }), async () => {
          for (const { clientUrl } of cluster.members) expect(await versionMs(clientUrl)).to.be.at.least(70);
          const peers = cluster.links.all().filter(({ from }) => from !== "clients");
          for (const link of peers) expect((await link.inspect()).toxics).to.deep.equal([]);
        });
      });

      it("with a jitter as large as the latency is proven all the same", async () => {
        await whileInForce(inject(cluster, "latency", targetsOf(cluster, "majority"), { latency: "50ms", jitter: "50ms" }));
      });
    });

    describe("a pause", () => {
      it("of the leader freezes it, the others go on, and it comes back", async () => {
        const [leader, other] = await leaderFirst(cluster);
        await whileInForce(inject(cluster, "pause", [leader]), async () => {
          expect(await leader.state()).to.deep.equal({ kind: "paused" });
          expect(await writable(leader)).to.equal(false);
          await until("the others take writes", () => writable(other));
        });
        expect(await leader.state()).to.deep.equal({ kind: "running" });
      });

      it("of a majority stops all writes", async () => {
        const targets = targetsOf(cluster, "majority");
        expect(targets).to.have.length(2);
        await whileInForce(inject(cluster, "pause", targets), async () => {
          expect(await Promise.all(cluster.members.map(writable))).to.deep.equal([false, false, false]);
        });
      });

      it("is refused for a member that another one holds, which stays frozen", async () => {
        const [first, second] = cluster.members;
        if (first === undefined || second === undefined) throw new Error("too few members");
        await whileInForce(inject(cluster, "pause", [first]), async () => {
          expect(await failureOf(inject(cluster, "pause", [first, second]))).to.equal("etcd-1 is paused by another fault already");
          expect(await first.state()).to.deep.equal({ kind: "paused" });
          // An engine that hears of the freezing late tells of it for a moment after the thawing.
          await until("it was frozen in vain and thawed", async () => (await second.state()).kind === "running");
        });
      });
    });

    describe("a kill", () => {
      it("of the leader ends its process, and it comes back with what it had", async () => {
        const [leader, other] = await leaderFirst(cluster);
        await whileInForce(inject(cluster, "kill", [leader]), async () => {
          expect((await leader.state()).kind).to.equal("down");
          await until("the others take writes", () => writable(other));
        });
        expect(await leader.state()).to.deep.equal({ kind: "running" });
      });

      it("of all members loses nothing that was written", async () => {
        const revision = await put(cluster.members[0]?.clientUrl ?? "", "kept", "over the crash");
        await whileInForce(inject(cluster, "kill", targetsOf(cluster, "all")), async () => {
          for (const member of cluster.members) expect((await member.state()).kind).to.equal("down");
        });
        for (const { directUrl } of cluster.members) expect((await memberStatus(directUrl)).revision).to.be.at.least(revision);
      });

      it("that fails because a member is down already revives those it killed, and not that one", async () => {
        const [first, second] = cluster.members;
        if (first === undefined || second === undefined) throw new Error("too few members");
        await whileInForce(inject(cluster, "kill", [first]), async () => {
          expect(await failureOf(inject(cluster, "kill", [second, first]))).to.equal("etcd-1 is killed by another fault already");
          expect((await first.state()).kind).to.equal("down");
          expect((await second.state()).kind).to.equal("running");
        });
      });
    });

    describe("two faults at once", () => {
      it("on one member, partition and latency, heal one after the other", async () => {
        const [, follower] = await leaderFirst(cluster);
        const slow = await inject(cluster, "latency", [follower], { latency: "40ms" });
        const cut = await inject(cluster, "partition", [follower]);
        try {
          expectHolding(await cut.effect());
          await cut.heal();
          expectHolding(await cut.healed());
          expectHolding(await slow.effect(), "the latency is still in force");
        } finally {
          await Promise.all([cut.heal(), slow.heal()]);
        }
        expectHolding(await slow.healed());
      });

      it("on one member, latency healed first, are not held against it", async () => {
        const [, follower] = await leaderFirst(cluster);
        const slow = await inject(cluster, "latency", [follower], { latency: "40ms" });
        const cut = await inject(cluster, "partition", [follower]);
        try {
          await slow.heal();
          const healed = expectHolding(await slow.healed());
          expect(textOf(healed, "round trip")).to.include("is cut by another fault");
          expectHolding(await cut.effect(), "the cut is still in force");
        } finally {
          await Promise.all([cut.heal(), slow.heal()]);
        }
        expectHolding(await cut.healed());
      });

      for (const [first, second] of [["closing", "closing"], ["closing", "blocking"]] as const) {
        it(`that share links (${first}, then ${second}) heal one after the other`, async () => {
          const [leader, follower, other] = await leaderFirst(cluster);
          const one = await inject(cluster, "partition", [follower], { mode: first });
          const shared = cluster.links.between(follower.name, leader.name);
          let two: ActiveFault | undefined;
          try {
            expectHolding(await one.effect());
            two = await inject(cluster, "partition", [leader], { mode: second });
            expectHolding(await two.effect());
            await one.heal();
            expect(textOf(expectHolding(await one.healed()), "round trip")).to.include(`is cut by another fault`);
            expect(await answers(shared)).to.equal(false, "the second still cuts the shared link");
            await until("the first one's own link passes", () => answers(cluster.links.between(follower.name, other.name)));
          } finally {
            await Promise.all([one.heal(), two?.heal()]);
          }
          expectHolding(await two.healed());
        });
      }

      it("where one member is killed while it is paused: the other one thaws, and both heal", async () => {
        const [first, second] = cluster.members;
        if (first === undefined || second === undefined) throw new Error("too few members");
        const frozen = await inject(cluster, "pause", [first, second]);
        const dead = await inject(cluster, "kill", [first]).catch(async (error: unknown) => {
          await frozen.heal();
          throw error;
        });
        try {
          expectHolding(await dead.effect());
          await frozen.heal();
          expect(await second.state()).to.deep.equal({ kind: "running" });
          expect(texts(expectHolding(await frozen.healed()))).to.include("etcd-1 is killed by another fault");
        } finally {
          await Promise.all([frozen.heal(), dead.heal()]);
        }
        expectHolding(await dead.healed());
      });

      it("where a member is killed while it is cut off: the links are lifted, and both heal", async () => {
        const [leader] = await leaderFirst(cluster);
        const cut = await inject(cluster, "partition", [leader]);
        const dead = await inject(cluster, "kill", [leader]).catch(async (error: unknown) => {
          await cut.heal();
          throw error;
        });
        try {
          expectHolding(await dead.effect());
          await cut.heal();
          expectHolding(await cut.healed());
          expect((await leader.state()).kind).to.equal("down");
        } finally {
          await Promise.all([cut.heal(), dead.heal()]);
        }
        expectHolding(await dead.healed());
        expectHolding(await cut.healed(), "and bytes flow once it is back");
      });
    });

    describe("an abort", () => {
      for (const [kind, options] of [["partition", {}], ["latency", { latency: "150ms" }], ["pause", {}], ["kill", {}]] as const) {
        it(`in the middle of proving a ${kind} leaves it to be healed`, async () => {
          const [, follower] = await leaderFirst(cluster);
          const abort = new AbortController();
          const active = await inject(cluster, kind, [follower], options, { signal: abort.signal });
          try {
            const proving = active.effect();
            abort.abort(new Error("SIGINT"));
            const outcome = await proving.then(() => "proven", (error: unknown) => String(error));
            // Whether a process is dead takes too little time to be interrupted for sure.
            expect(outcome).to.be.oneOf(kind === "kill" ? ["proven", "Error: SIGINT"] : ["Error: SIGINT"]);
          } finally {
            await active.heal();
          }
          expectHolding(await active.healed());
        });

        it(`before a ${kind} begins keeps it from being injected`, async () => {
          const [, follower] = await leaderFirst(cluster);
          expect(await failureOf(inject(cluster, kind, [follower], options, { signal: AbortSignal.abort(new Error("SIGINT")) }))).to.equal("SIGINT");
          expect(await follower.state()).to.deep.equal({ kind: "running" });
          const states = await Promise.all(cluster.links.all().map((link) => link.inspect()));
          for (const state of states) expect(state).to.deep.equal({ enabled: true, toxics: [] });
        });
      }
    });

    describe("a fault that only pretends", () => {
      it("to cut links is told by answers over them and by bytes that go on", async () => {
        const [leader] = await leaderFirst(cluster);
        const { proofs } = await effectOf(inject(pretending(cluster), "partition", [leader], {}, { clock: new HastyClock(2) }));
        expect(failing(proofs)).to.deep.equal(["round trip", "peer bytes"]);
        expect(textOf({ proofs }, "round trip")).to.include("still answered");
        expect(textOf({ proofs }, "peer bytes")).to.match(/^bytes still flow .+: \d+ B from/);
      });

      it("to cut one direction is told by bytes that go on in it", async () => {
        const [leader] = await leaderFirst(cluster);
        const { proofs } = await effectOf(inject(pretending(cluster), "partition", [leader], { target: "leader", direction: "out" }, { clock: new HastyClock(2) }));
        expect(failing(proofs)).to.deep.equal(["round trip", "peer bytes", "peer bytes"]);
        expect(texts({ proofs })[3]).to.match(/, against [1-9]\d* B the way that is cut$/);
      });

      it("to cut one direction, and cuts both, is told by the silence of the other", async () => {
        const [leader] = await leaderFirst(cluster);
        const both: Links = { between: (from, to) => wholly(cluster.links.between(from, to)), all: () => cluster.links.all().map(wholly) };
        const crude = { ...cluster, links: both, [Symbol.asyncDispose]: async () => undefined };
        const { proofs } = await effectOf(inject(crude, "partition", [leader], { target: "leader", direction: "out" }, { clock: new HastyClock(2) }));
        expect(failing(proofs)).to.deep.equal(["peer bytes"]);
        expect(texts({ proofs })[3]).to.match(/^nothing came the way that should be open within /);
      });

      it("to slow links is told by their round trips", async () => {
        const [leader] = await leaderFirst(cluster);
        const { proofs } = await effectOf(inject(pretending(cluster), "latency", [leader], { latency: "1s" }, { clock: new HastyClock(5) }));
        expect(failing(proofs)).to.deep.equal(["round trip"]);
        expect(textOf({ proofs }, "round trip")).to.include("; not 1.8 s longer over etcd-");
      });

      it("to freeze a member is told by its answers", async () => {
        const member = pretender(cluster.members[0], { state: async () => ({ kind: "paused" }) });
        const { proofs } = await effectOf(inject(cluster, "pause", [member]));
        expect(failing(proofs)).to.deep.equal(["round trip"]);
        expect(textOf({ proofs }, "round trip")).to.match(/^etcd-1 still answered, in /);
      });

      it("to freeze a member is told by its state", async () => {
        const { proofs } = await effectOf(inject(cluster, "pause", [pretender(cluster.members[0])]));
        expect(failing(proofs)).to.deep.equal(["process state", "round trip"]);
        expect(textOf({ proofs }, "process state")).to.equal("etcd-1 is running");
      });

      it("to kill a member is told by its state, and by its answers where that lies too", async () => {
        const honest = await effectOf(inject(cluster, "kill", [pretender(cluster.members[1])]));
        expect(honest.proofs).to.deep.equal([{ source: "process state", text: "etcd-2 is running", holds: false }]);
        let dead = false;
        const lying = pretender(cluster.members[1], { kill: async () => void (dead = true), state: async () => (dead ? { kind: "down", exit: "SIGKILL" } : { kind: "running" }) });
        const { proofs } = await effectOf(inject(cluster, "kill", [lying]));
        expect(proofs).to.deep.equal([{ source: "process state", text: "etcd-2 is down (SIGKILL) and still answers", holds: false }]);
      });
    });

    describe("a fault that is not healed", () => {
      for (const [kind, options, sources] of [
        ["partition", { mode: "closing" }, ["toxics", "round trip", "peer bytes"]],
        ["latency", { latency: "300ms" }, ["toxics", "round trip"]],
        ["pause", {}, ["health"]],
        ["kill", {}, ["status"]],
      ] as const) {
        it(`(${kind}) is not taken for healed`, async () => {
          const [, follower] = await leaderFirst(cluster);
          const clock = new HastyClock();
          const active = await inject(cluster, kind, [follower], options, { clock });
          try {
            clock.run(kind === "latency" ? 8 : 15);
            expect(failing((await active.healed()).proofs)).to.deep.equal(sources);
          } finally {
            await active.heal();
          }
          clock.run(1);
          expectHolding(await active.healed());
        });
      }

      it("since a member crashed by itself meanwhile is not excused by that", async () => {
        const [first, second] = cluster.members;
        if (first === undefined || second === undefined || !capabilities.kill(first) || !capabilities.restart(first)) throw new Error("no member to crash");
        const clock = new HastyClock();
        const active = await inject(cluster, "pause", [first, second], {}, { clock });
        try {
          await first.kill();
          await active.heal();
          expect(await second.state()).to.deep.equal({ kind: "running" });
          clock.run(15);
          const { proofs } = await active.healed();
          expect(proofs).to.deep.include({ source: "health", text: "etcd-1 is down and does not answer /health?serializable=true", holds: false });
          expect(proofs).to.deep.include({ source: "health", text: "etcd-2 is running and answers /health?serializable=true", holds: true });
        } finally {
          await active.heal();
          await first.restart();
        }
      });
    });
  });

  describe(`a partition of etcd 3.4 on a ${runtime} cluster`, function () {
    this.timeout(180_000);

    it("is proven by its peer byte counters as well", async () => {
      await using cluster = await startTestCluster(runtime, { etcd: "3.4" });
      expect(cluster.etcd.version).to.match(/^3\.4\./);
      const [leader] = await leaderFirst(cluster);
      const { effect } = await whileInForce(inject(cluster, "partition", [leader]), async () => {
        expect(await writable(leader)).to.equal(false);
      });
      expect(textOf(effect, "peer bytes")).to.match(/: [1-9]\d* B in the .+ before the cut, then none for /);
      await untilUsable(cluster);
    });
  });
}
