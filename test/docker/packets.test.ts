import { expect } from "chai";
import type { RunningCluster } from "../../src/cluster/cluster.ts";
import { capabilities, type Killable, type Member, type PacketFilterable, type Restartable } from "../../src/cluster/member.ts";
import { runtimesHere } from "../../src/cluster/runtime.ts";
import { runCommand } from "../../src/process.ts";
import { withSystemPrograms } from "../../src/system-programs.ts";
import { expectHolding, failureOf, inject, leaderFirst, untilUsable } from "../integration/live-faults.ts";
import { startTestCluster } from "../support/cluster.ts";
import { describeWithDocker } from "../support/docker.ts";

const missing = (await runtimesHere()).find(({ kind }) => kind === "docker")?.lacks.packets;

function able(member: Member): Member & Killable & PacketFilterable & Restartable {
  if (capabilities.packets(member) && capabilities.kill(member) && capabilities.restart(member)) return member;
  throw new Error(`${member.name} lacks an ability`);
}

describeWithDocker(`packet filters of docker members${missing === undefined ? "" : `, not available: ${missing}`}`, () => {
  if (missing !== undefined) {
    it("are left out on this machine");
    return;
  }
  let cluster: RunningCluster;
  before(async function () {
    this.timeout(60_000);
    cluster = await startTestCluster("docker");
  });
  after(() => cluster[Symbol.asyncDispose]());

  const machineRules = async (): Promise<string[]> => (await runCommand("iptables-save", [], { env: withSystemPrograms() })).stdout.split("\n").filter((line) => line.includes("etcd-chaos-"));

  it("are put on again when the member is restarted, and never in the network of the machine", async () => {
    const [, follower] = await leaderFirst(cluster);
    const member = able(follower);
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
  }).timeout(60_000);

  it("that are lifted while the member is down are not put on again", async () => {
    const [, follower] = await leaderFirst(cluster);
    const member = able(follower);
    const filter = await member.dropPackets({ direction: "in", share: 1 });
    await member.kill();
    try {
      await filter.lift();
    } finally {
      await member.restart();
    }
    expect(await filter.counts()).to.equal(undefined);
    await untilUsable(cluster);
  }).timeout(60_000);

  for (const [kind, options] of [["packet-drop", { direction: "in" }], ["packet-loss", { share: 0.2 }]] as const) {
    it(`by a ${kind} are not put on once the run is aborted, and are lifted where it is aborted while they are being proven`, async () => {
      const [leader] = await leaderFirst(cluster);
      expect(await failureOf(inject(cluster, kind, [leader], options, { signal: AbortSignal.abort(new Error("SIGINT")) }))).to.equal("SIGINT");
      const abort = new AbortController();
      const active = await inject(cluster, kind, [leader], options, { signal: abort.signal });
      try {
        const proving = active.effect();
        abort.abort(new Error("SIGINT"));
        expect(await proving.then(() => "proven", String)).to.equal("Error: SIGINT");
      } finally {
        await active.heal();
      }
      expectHolding(await active.healed());
      await untilUsable(cluster);
    }).timeout(60_000);
  }
});
