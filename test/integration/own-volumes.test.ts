import { existsSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { expect } from "chai";
import { startChild } from "../../src/child.ts";
import type { RunningCluster } from "../../src/cluster/cluster.ts";
import { isHealthy } from "../../src/cluster/gateway.ts";
import { chooseRuntime } from "../../src/cluster/runtime.ts";
import { runFolder } from "../../src/marks.ts";
import { runCommand } from "../../src/process.ts";
import { cleanRuns } from "../../src/watchdog/clean.ts";
import { startTestCluster } from "../support/cluster.ts";
import { get, put } from "../support/kv.ts";
import { freshRunId, markedOf, watchdogOf } from "../watchdog/marked.ts";
import { expectHolding, failureOf, inject, leaderFirst, texts, until, untilUsable, whileInForce, writable } from "./live-faults.ts";

const missing = (await chooseRuntime("local")).lacks.power;
const stalledHarness = fileURLToPath(new URL("stalled-harness.ts", import.meta.url));
const keys = Array.from({ length: 20 }, (_, index) => `power-${index}`);

async function putAll({ members }: RunningCluster): Promise<void> {
  for (const key of keys) await put(members[0]?.clientUrl ?? "", key, "kept", 5_000);
}

async function surviving({ members }: RunningCluster): Promise<number> {
  const values = await Promise.all(keys.map((key) => get(members[0]?.clientUrl ?? "", key, 5_000)));
  return values.filter((value) => value === "kept").length;
}

/** How many loop devices runs have whose id begins so. A frozen file system that something waits for keeps its own. */
async function loopsOf(runId: string): Promise<number> {
  return (await runCommand("losetup", ["-a"])).stdout.split("\n").filter((line) => line.includes(`/${runId}`)).length;
}

describe(`members with file systems of their own${missing === undefined ? "" : `, not available: ${missing}`}`, function () {
  this.timeout(90_000);
  if (missing !== undefined) {
    it("is left out on this machine");
    return;
  }
  let cluster: RunningCluster;
  before(async () => {
    cluster = await startTestCluster("local", { diskFaults: "syncs", ownVolumes: true });
  });
  after(() => cluster[Symbol.asyncDispose]());
  afterEach(() => untilUsable(cluster));

  describe("a power loss", () => {
    it("of the leader is proven, heals with proof, and heals twice", async () => {
      const [leader] = await leaderFirst(cluster);
      const { effect } = await whileInForce(inject(cluster, "power-loss", [leader]));
      expect(texts(effect)).to.deep.equal([`${leader.name} is down (SIGKILL), and before that its file system refused writes`]);
    });

    it("is not injected once the run is aborted", async () => {
      expect(await failureOf(inject(cluster, "power-loss", cluster.members, {}, { signal: AbortSignal.abort(new Error("SIGINT")) }))).to.equal("SIGINT");
    });

    it("of all leaves everything that was acknowledged", async () => {
      await putAll(cluster);
      const { healed } = await whileInForce(inject(cluster, "power-loss", cluster.members));
      expect(texts(healed).join()).to.not.include("less than before");
      expect(await surviving(cluster)).to.equal(keys.length);
    });

    it("of all loses what was acknowledged while their disks lied, and says so", async () => {
      await using fresh = await startTestCluster("local", { diskFaults: "syncs", ownVolumes: true });
      const lying = await inject(fresh, "lying-fsync", fresh.members);
      try {
        expectHolding(await lying.effect());
        await putAll(fresh);
        expect(await surviving(fresh)).to.equal(keys.length);
        const { healed } = await whileInForce(inject(fresh, "power-loss", fresh.members));
        expect(texts(healed).filter((text) => text.includes("less than before"))).to.have.length(3);
      } finally {
        await lying.heal();
      }
      await untilUsable(fresh);
      expect(await surviving(fresh)).to.be.lessThan(keys.length);
    });
  });

  describe("a full disk", () => {
    it("of the leader ends it, and ends it again when it is started; the others go on; room brings it back", async () => {
      const [leader, , other] = await leaderFirst(cluster);
      const { effect, healed } = await whileInForce(inject(cluster, "disk-full", [leader]), async () => {
        expect((await leader.state()).kind).to.equal("down");
        await until("the others take writes", () => writable(other));
      });
      expect(effect.proofs.map(({ source }) => source)).to.deep.equal(["file system", "process state", "log", "second start", "file system"]);
      expect(texts(effect).join("\n")).to.match(/disk has 0 bytes left, before the fault \d+ MiB/).and.to.include("no space left on device");
      expect(texts(healed).join("\n")).to.match(/disk has \d{3} MiB left/);
    });

    it("of all is proven for those whose database still grows, and heals", async () => {
      const active = await inject(cluster, "disk-full", cluster.members);
      try {
        const { proofs } = await active.effect();
        expect(proofs.filter(({ source }) => source === "process state").some(({ holds }) => holds)).to.equal(true);
      } finally {
        await active.heal();
      }
      expectHolding(await active.healed());
    });

    it("that is not proven because the run is aborted heals all the same", async () => {
      const abort = new AbortController();
      const active = await inject(cluster, "disk-full", cluster.members.slice(0, 1), {}, { signal: abort.signal });
      const proving = active.effect();
      abort.abort(new Error("SIGINT"));
      await proving.catch((error: unknown) => expect(String(error)).to.equal("Error: SIGINT"));
      await active.heal();
      expectHolding(await active.healed());
    });
  });

  describe("a stalled disk", () => {
    it("of the leader takes its office, is proven, and the member goes on by itself", async () => {
      const [leader, , other] = await leaderFirst(cluster);
      await whileInForce(inject(cluster, "disk-stall", [leader]), async () => {
        await until("the others take writes", () => writable(other));
        expect(await isHealthy(leader.directUrl)).to.equal(false);
        expect((await leader.state()).kind).to.equal("running");
        expect(await failureOf(inject(cluster, "kill", [leader]))).to.equal(`${leader.name} cannot be ended while its disk is stalled`);
        expect(await failureOf(inject(cluster, "disk-stall", [leader]))).to.equal(`${leader.name} is stalled by another fault already`);
        expect(await failureOf(inject(cluster, "disk-full", [leader]))).to.equal(`${leader.name} is stalled by another fault`);
      });
    });

    it("of all stops everything, and all go on", async () => {
      await whileInForce(inject(cluster, "disk-stall", cluster.members));
    });

    it("is thawed when the cluster is removed", async () => {
      const fresh = await startTestCluster("local", { ownVolumes: true, memberCount: 1 });
      const stall = await inject(fresh, "disk-stall", fresh.members);
      expectHolding(await stall.effect());
      await fresh[Symbol.asyncDispose]();
    });
  });

  for (const kind of ["disk-full", "disk-stall"]) {
    it(`have no ${kind} once the run is aborted`, async () => {
      expect(await failureOf(inject(cluster, kind, cluster.members, {}, { signal: AbortSignal.abort(new Error("SIGINT")) }))).to.equal("SIGINT");
    });
  }

  for (const clean of [false, true]) {
    it(`leave nothing behind when the harness is killed in the middle of a stall${clean ? ", together with its watchdog, once clean has been called" : ""}`, async () => {
      const runId = freshRunId();
      let up = false;
      await using harness = await startChild(process.execPath, ["--import", import.meta.resolve("tsx"), stalledHarness, runId], { onLine: (line) => (up ||= line === "frozen") });
      await until("its member's disk is frozen", async () => up);
      const watchdog = await watchdogOf(runId);
      if (clean && watchdog !== undefined) process.kill(watchdog, "SIGKILL");
      harness.signal("SIGKILL");
      await harness.ended;
      if (clean) await cleanRuns([runId]);
      await until("nothing is left", async () => (await markedOf(runId)).length === 0 && !existsSync(runFolder(runId)) && (await loopsOf(runId)) === 0);
    });
  }

  it("leave no loop device behind", async () => {
    const fresh = await startTestCluster("local", { ownVolumes: true, memberCount: 1 });
    const loops = (): Promise<number> => loopsOf(`test-${process.pid}-`);
    const before = await loops();
    await fresh[Symbol.asyncDispose]();
    expect(await loops()).to.be.lessThan(before);
  });
});
