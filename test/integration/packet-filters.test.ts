import { readdir, readlink } from "node:fs/promises";
import { expect } from "chai";
import type { RunningCluster } from "../../src/cluster/cluster.ts";
import { chooseRuntime } from "../../src/cluster/runtime.ts";
import { messageOf } from "../../src/errors.ts";
import { writeShortScenario } from "../cli/short-scenarios.ts";
import { onlyRunBelow, startHarness } from "../cli/started-harness.ts";
import { startTestCluster } from "../support/cluster.ts";
import { temporaryFolder } from "../support/harness.ts";
import { markedOf } from "../watchdog/marked.ts";
import { answers, leaderFirst, until, untilUsable } from "./live-faults.ts";
import { allPackets, describePacketFilters, filterable, machineRules } from "./packet-filter-life.ts";

const missing = (await chooseRuntime("local")).lacks.packets;
const some = { direction: "both", share: 0.05 } as const;

/** The network namespaces of these processes. */
async function networksOf(pids: readonly number[]): Promise<Set<string>> {
  const networks = await Promise.all(pids.map((pid) => readlink(`/proc/${pid}/ns/net`).catch(() => "")));
  return new Set(networks.filter((network) => network !== ""));
}

async function allPids(): Promise<number[]> {
  return (await readdir("/proc")).filter((name) => /^\d+$/.test(name)).map(Number);
}

describe(`packet filters of local members${missing === undefined ? "" : `, not available: ${missing}`}`, function () {
  this.timeout(90_000);
  if (missing !== undefined) {
    it("are left out on this machine");
    return;
  }
  let cluster: RunningCluster;
  before(async () => {
    cluster = await startTestCluster("local", { packetFilters: true });
  });
  after(() => cluster[Symbol.asyncDispose]());

  it("drop what a member and its peers send each other, and nothing else: not what the harness asks of its links, and none of the machine's", async () => {
    const [leader, one, other] = await leaderFirst(cluster);
    const filter = await filterable(one).dropPackets(allPackets);
    try {
      expect(await answers(cluster.links.between(leader.name, one.name))).to.equal(false);
      expect(await answers(cluster.links.between(one.name, leader.name)), "the harness dials, and the leader answers").to.equal(true);
      expect(await answers(cluster.links.between(other.name, leader.name))).to.equal(true);
      expect(await machineRules()).to.deep.equal([]);
    } finally {
      await filter.lift();
    }
    await untilUsable(cluster);
  });

  it("stay where they are when the member is restarted", async () => {
    const [, follower] = await leaderFirst(cluster);
    const member = filterable(follower);
    // Few are lost: a member that reaches no peers takes long to start.
    const filter = await member.dropPackets(some);
    try {
      await member.kill();
      expect(await member.dropPackets(allPackets).then(() => "put on", messageOf)).to.equal(`${member.name} is not running`);
      const before = await filter.counts();
      await member.restart();
      expect((await filter.counts())?.in.seen).to.be.greaterThan(before?.in.seen ?? Infinity);
    } finally {
      await filter.lift();
    }
    expect(await filter.counts()).to.equal(undefined);
    await untilUsable(cluster);
  });

  describePacketFilters(() => cluster);

  it("on two members count and are lifted apart, though both are in one network", async () => {
    const [, one, other] = await leaderFirst(cluster);
    const filters = [await filterable(one).dropPackets(some), await filterable(other).dropPackets({ ...some, direction: "in" })];
    try {
      await filters[0]?.lift();
      expect(await filters[0]?.counts()).to.equal(undefined);
      await until("the other still counts", async () => ((await filters[1]?.counts())?.out.seen ?? 0) > 0);
    } finally {
      for (const filter of filters) await filter.lift();
    }
    await untilUsable(cluster);
  });

  it("are refused by a cluster that was not asked for them", async () => {
    await using plain = await startTestCluster("local", { memberCount: 1 });
    expect(await filterable(plain.members[0]).dropPackets(allPackets).then(() => "put on", messageOf)).to.equal("packets of etcd-1 cannot be filtered: its cluster was not asked for that");
  });

  it("leave nothing behind when the harness is killed: no process, no folder, no network", async () => {
    await using folder = await temporaryFolder();
    const path = await writeShortScenario(folder.path, "muted");
    await using started = await startHarness("scenario", path, "--runtime", "local", "--toxiproxy", "embedded", "--out", folder.path);
    await started.says(/packet-drop (in)?effective/);
    const run = await onlyRunBelow(folder.path, "muted");
    const networks = await networksOf(await markedOf(run.runId));
    networks.delete(await readlink("/proc/self/ns/net"));
    expect([...networks], "members, proxies and door share one").to.have.length(1);
    started.signal("SIGKILL");
    await started.ended;
    expect(await run.leftoversWithin(5_000)).to.deep.equal([]);
    const left = await networksOf(await allPids());
    expect([...networks].filter((network) => left.has(network))).to.deep.equal([]);
  });
});
