import { expect } from "chai";
import { existsSync } from "node:fs";
import { waitFor } from "../../src/clock.ts";
import type { RunningCluster, RuntimeKind } from "../../src/cluster/cluster.ts";
import { isHealthy, memberStatus } from "../../src/cluster/gateway.ts";
import { clients, type CutMode, type Link, type ToxicEffect } from "../../src/cluster/links.ts";
import { capabilities, type Member } from "../../src/cluster/member.ts";
import { runFolder } from "../../src/marks.ts";
import { startTestCluster, testClock } from "../support/cluster.ts";
import { get, put } from "../support/kv.ts";

export interface Conformance {
  readonly runtime: RuntimeKind;
  /** What is left on the machine of a run that was disposed: empty when nothing is. */
  leftovers(runId: string): Promise<readonly string[]>;
}

/** What every runtime must do, whatever it is made of. One suite, run over all of them. */
export function describeClusterConformance({ runtime, leftovers }: Conformance): void {
  describe(`a ${runtime} cluster`, function () {
    this.timeout(60_000);
    let cluster: RunningCluster;

    before(async function () {
      this.timeout(180_000);
      cluster = await startTestCluster(runtime);
    });
    after(async () => cluster[Symbol.asyncDispose]());
    afterEach(async () => {
      await Promise.all(cluster.members.map((member) => until(`${member.name} is healthy`, () => isHealthy(member.directUrl))));
    });

    const member = (index: number): Member => {
      const found = cluster.members[index];
      if (found === undefined) throw new Error(`the cluster has no member ${index}`);
      return found;
    };

    it("has members that are healthy, know each other and agree on a leader", async () => {
      const statuses = await Promise.all(cluster.members.map(({ directUrl }) => memberStatus(directUrl)));
      expect(new Set(statuses.map(({ leader }) => leader))).to.have.length(1);
      expect(statuses.map(({ id }) => id)).to.deep.equal(cluster.members.map(({ id }) => id));
      expect(new Set(cluster.members.map(({ id }) => id))).to.have.length(3);
    });

    it("says which etcd and which Toxiproxy it runs", () => {
      expect(cluster.etcd.version).to.match(/^3\.5\.\d+$/);
      expect(cluster.etcd.source).to.not.equal("");
      expect(cluster.toxiproxy.version).to.match(/^\d+\.\d+/);
    });

    it("serves clients on the link and observers beside it", async () => {
      await put(member(0).clientUrl, "conformance", "1");
      expect(await get(member(1).directUrl, "conformance")).to.equal("1");
      expect(member(0).clientUrl).to.not.equal(member(0).directUrl);
    });

    it("gives metrics, status and logs of each member", async () => {
      for (const { directUrl } of cluster.members) {
        const metrics = await (await fetch(`${directUrl}/metrics`)).text();
        expect(metrics).to.include("etcd_server_leader_changes_seen_total");
      }
      const lines: string[] = [];
      member(0).onLog((line) => lines.push(line));
      await until("the start was logged", () => lines.some((line) => line.includes("ready to serve client requests")));
      expect(lines.some((line) => line.includes('"msg":"starting an etcd server"'))).to.equal(true, "lines from before we listened");
    });

    it("has a link for each ordered pair of members and for each client endpoint", () => {
      const names = cluster.members.map(({ name }) => name);
      const pairs = names.flatMap((from) => names.filter((to) => to !== from).map((to) => `${from}-to-${to}`));
      const endpoints = names.map((to) => `${clients}-to-${to}`);
      expect(cluster.links.all().map(({ name }) => name)).to.have.members([...pairs, ...endpoints]);
    });

    for (const mode of ["blocking", "closing"] satisfies CutMode[]) {
      it(`cuts (${mode}) and heals each link without touching any other`, async () => {
        for (const link of cluster.links.all()) {
          const cut = await link.cut(mode);
          try {
            expect(await passes(link)).to.equal(false, `${link.name} is cut`);
            expect(await cut.inForce()).to.equal(true);
            for (const other of cluster.links.all().filter((each) => each !== link)) {
              expect(await passes(other)).to.equal(true, `${other.name} passes while ${link.name} is cut`);
            }
          } finally {
            await cut.lift();
          }
          await until(`${link.name} passes again`, () => passes(link));
          expect(await cut.inForce()).to.equal(false);
          await cut.lift();
          expect(await link.inspect()).to.deep.equal({ enabled: true, toxics: [] });
        }
      });
    }

    it("slows and heals one link without touching any other", async () => {
      const link = cluster.links.between(member(0).name, member(1).name);
      const slow = await link.impair({ type: "latency", latencyMs: 150, jitterMs: 0, streams: "both", toxicity: 1 });
      expect(await roundTripMs(link)).to.be.at.least(290);
      const others = cluster.links.all().filter((each) => each !== link);
      expect(await Promise.all(others.map(async (other) => (await other.inspect()).toxics))).to.deep.equal(others.map(() => []));
      await slow.lift();
      await until("the link is quick again", async () => (await roundTripMs(link)) < 290);
    });

    it("holds back one stream of a link alone", async () => {
      const link = cluster.links.between(member(0).name, member(1).name);
      for (const stream of ["upstream", "downstream"] as const) {
        const cut = await link.cut("blocking", stream);
        try {
          expect(await passes(link)).to.equal(false, `no answer with ${stream} cut`);
          expect((await link.inspect()).toxics.map((toxic) => toxic.replace(/^\S+ /, ""))).to.deep.equal([`timeout ${stream} timeout=0`]);
        } finally {
          await cut.lift();
        }
        await until("the link passes again", () => passes(link));
      }
    });

    it("takes each kind of toxic as it was asked for, and gives it back", async () => {
      const link = cluster.links.between(clients, member(0).name);
      const shown: [ToxicEffect, string][] = [
        [{ type: "latency", latencyMs: 7, jitterMs: 3 }, "latency upstream latency=7 jitter=3"],
        [{ type: "bandwidth", rateKbps: 900 }, "bandwidth upstream rate=900"],
        [{ type: "slow_close", delayMs: 40 }, "slow_close upstream delay=40"],
        [{ type: "timeout", timeoutMs: 0 }, "timeout upstream timeout=0"],
        [{ type: "reset_peer", timeoutMs: 20 }, "reset_peer upstream timeout=20"],
        [{ type: "slicer", sizeBytes: 100, variationBytes: 10, delayMs: 1.5 }, "slicer upstream average_size=100 size_variation=10 delay=1500"],
        [{ type: "limit_data", bytes: 5_000 }, "limit_data upstream bytes=5000"],
      ];
      for (const [effect, text] of shown) {
        const put = await link.impair({ ...effect, streams: "upstream", toxicity: 0.5 });
        expect((await link.inspect()).toxics.map((toxic) => toxic.replace(/^\S+ /, ""))).to.deep.equal([`${text} toxicity=0.5`]);
        expect(await put.inForce()).to.equal(true);
        await put.lift();
      }
      expect(await link.inspect()).to.deep.equal({ enabled: true, toxics: [] });
    });

    it("lifts two impairments of one link independently", async () => {
      const link = cluster.links.between(member(1).name, member(2).name);
      const [first, second] = [await link.cut("closing"), await link.cut("closing")];
      await first.lift();
      expect(await passes(link)).to.equal(false, "the second cut is still in force");
      await second.lift();
      await until("the link passes again", () => passes(link));
    });

    it("makes a member unreachable for its peers when all links between them are cut", async () => {
      const [cutOff, ...others] = cluster.members;
      if (cutOff === undefined) throw new Error("no members");
      const links = others.flatMap((other) => [cluster.links.between(cutOff.name, other.name), cluster.links.between(other.name, cutOff.name)]);
      const cuts = await Promise.all(links.map((link) => link.cut("closing")));
      await until("the member alone has no quorum", async () => !(await isHealthy(cutOff.directUrl)));
      expect(await isHealthy(cutOff.directUrl, { serializable: true })).to.equal(true, "it lives");
      await until("the rest has one", () => isHealthy(others[0]?.directUrl ?? ""));
      await Promise.all(cuts.map((cut) => cut.lift()));
      await until("the member is back", () => isHealthy(cutOff.directUrl));
    });

    it("pauses a member, which then answers nobody, and resumes it", async () => {
      const target = member(2);
      if (!capabilities.pause(target)) throw new Error("cannot pause");
      await target.pause();
      expect(await target.state()).to.deep.equal({ kind: "paused" });
      expect(await isHealthy(target.directUrl, { serializable: true, limitMs: 300 })).to.equal(false);
      await target.resume();
      await target.resume();
      expect(await target.state()).to.deep.equal({ kind: "running" });
      await until("it answers", () => isHealthy(target.directUrl));
    });

    it("kills a member and restarts it with its data, its id and its log going on", async () => {
      const target = member(1);
      if (!capabilities.kill(target) || !capabilities.restart(target)) throw new Error("cannot kill and restart");
      const lines: string[] = [];
      target.onLog((line) => lines.push(line));
      const revision = await put(member(0).clientUrl, "kept", "over the crash");
      await until("it has the write", async () => (await memberStatus(target.directUrl)).revision >= revision);
      await target.kill();
      expect((await target.state()).kind).to.equal("down");
      lines.length = 0;
      await target.restart();
      expect(await target.state()).to.deep.equal({ kind: "running" });
      await until("it has caught up", async () => (await memberStatus(target.directUrl)).revision >= revision);
      expect((await memberStatus(target.directUrl)).id).to.equal(target.id);
      expect(await get(target.clientUrl, "kept")).to.equal("over the crash");
      await until("the restart is in the log", () => lines.some((line) => line.includes("restarting local member")));
    });

    it("refuses to pause or kill a member that is down", async () => {
      const target = member(1);
      if (!capabilities.kill(target) || !capabilities.restart(target) || !capabilities.pause(target)) throw new Error("cannot kill and restart");
      await target.kill();
      await target.pause().then(() => expect.fail("it paused a dead member"), () => undefined);
      await target.kill().then(() => expect.fail("it killed a dead member"), () => undefined);
      await target.restart();
      await target.restart();
    });
  });

  describe(`${runtime} clusters side by side`, function () {
    this.timeout(180_000);

    it("do not disturb each other, and leave nothing behind", async () => {
      const ids = ["a", "b"].map((letter) => `test-${process.pid}-side-${letter}`);
      {
        await using one = await startTestCluster(runtime, { runId: ids[0] ?? "" });
        await using two = await startTestCluster(runtime, { runId: ids[1] ?? "" });
        await put(one.members[0]?.clientUrl ?? "", "which", "one");
        await put(two.members[0]?.clientUrl ?? "", "which", "two");
        const cuts = await Promise.all(one.links.all().map((link) => link.cut("blocking")));
        for (const { clientUrl } of two.members) expect(await get(clientUrl, "which")).to.equal("two");
        await Promise.all(cuts.map((cut) => cut.lift()));
      }
      for (const id of ids) {
        expect(await leftovers(id)).to.deep.equal([]);
        expect(existsSync(runFolder(id))).to.equal(false, `folder of ${id}`);
      }
    });

    it("start with one member and with five, with the flags given", async () => {
      for (const memberCount of [1, 5] as const) {
        await using cluster = await startTestCluster(runtime, { memberCount, flags: { "quota-backend-bytes": 33_554_432 } });
        expect(cluster.members).to.have.length(memberCount);
        const metrics = await (await fetch(`${cluster.members[0]?.directUrl}/metrics`)).text();
        expect(metrics).to.match(/^etcd_server_quota_backend_bytes 3\.3554432e\+07$/m);
      }
    });

    it("say which member failed when a flag is not known, and leave nothing behind", async () => {
      const runId = `test-${process.pid}-flag`;
      const failure = await startTestCluster(runtime, { runId, flags: { "no-such-flag": 1 } }).then(
        () => expect.fail("it started"),
        (error: unknown) => error,
      );
      expect(String(failure)).to.match(/etcd-\d ended while starting: exit code \d+; it wrote: flag provided but not defined: -no-such-flag/);
      expect(await leftovers(runId)).to.deep.equal([]);
    });
  });
}

/** True when a request over the link gets an answer; both the peer and the client port serve /version. */
async function passes({ listen }: Link): Promise<boolean> {
  try {
    const response = await fetch(`http://${listen}/version`, { signal: AbortSignal.timeout(400), headers: { connection: "close" } });
    await response.arrayBuffer();
    return true;
  } catch {
    return false;
  }
}

async function roundTripMs({ listen }: Link): Promise<number> {
  const startMs = testClock.nowMs();
  const response = await fetch(`http://${listen}/version`, { headers: { connection: "close" } });
  await response.arrayBuffer();
  return testClock.nowMs() - startMs;
}

async function until(what: string, condition: () => Promise<boolean> | boolean): Promise<void> {
  const met = await waitFor(testClock, async () => ((await condition()) ? true : undefined), { limitMs: 30_000, everyMs: 50 });
  if (met === undefined) throw new Error(`not within 30 s: ${what}`);
}
