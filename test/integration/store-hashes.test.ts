import { expect } from "chai";
import { checkHashes } from "../../src/check/hash-kv.ts";
import type { RunningCluster } from "../../src/cluster/cluster.ts";
import { hashKv } from "../../src/cluster/hash-kv.ts";
import { compact } from "../../src/cluster/maintenance.ts";
import { capabilities, type Member } from "../../src/cluster/member.ts";
import { messageOf } from "../../src/errors.ts";
import { recordHashes } from "../../src/observe/hashes.ts";
import { startObservers } from "../../src/observe/index.ts";
import type { HashSample } from "../../src/recording/samples.ts";
import { startTestCluster, testClock } from "../support/cluster.ts";
import { get, put } from "../support/kv.ts";
import { leaderFirst, untilUsable } from "./live-faults.ts";

/** What a run asks at its end, of a cluster to which nothing is written meanwhile. */
async function hashesOf({ members }: RunningCluster): Promise<HashSample[]> {
  const recorded: HashSample[] = [];
  const recorder = { metrics: () => undefined, status: () => undefined, health: () => undefined };
  await using observers = startObservers({ members, recorder, clock: testClock });
  await recordHashes({ members, statuses: () => observers.statuses(), clock: testClock, signal: new AbortController().signal, record: (sample) => void recorded.push(sample) });
  return recorded;
}

/** Ends a member, changes some bytes of its database that stand for a value, and starts it on that: etcd checks none of them. */
async function falsify(member: Member, from: string, to: string): Promise<void> {
  if (!capabilities.stop(member) || !capabilities.restart(member) || !capabilities.files(member)) throw new Error(`${member.name} cannot be falsified`);
  await member.stop();
  const content = await member.readData("member/snap/db");
  expect(content.includes(from), `${from} in the database of ${member.name}`).to.equal(true);
  for (let at = content.indexOf(from); at >= 0; at = content.indexOf(from)) content.write(to, at);
  await member.writeData("member/snap/db", content);
  await member.restart();
}

for (const etcd of ["3.4", "3.5"]) {
  describe(`stores of members of etcd ${etcd}`, function () {
    this.timeout(120_000);
    let cluster: RunningCluster;
    const names = (): string[] => cluster.members.map(({ name }) => name);
    before(async () => {
      cluster = await startTestCluster("local", { etcd });
      await untilUsable(cluster);
      const [leader] = await leaderFirst(cluster);
      for (const value of ["one", "two", "three", "true-value"]) await put(leader.clientUrl, "k", value);
    });
    after(() => cluster[Symbol.asyncDispose]());

    it("have one hash, before a compaction and after it", async () => {
      const before = await hashesOf(cluster);
      expect(checkHashes(before, names())).to.deep.equal({ kind: "ok", checked: 3 });
      expect(before[0]).to.deep.include({ ok: true, compactRevision: -1 });
      const [leader] = await leaderFirst(cluster);
      expect((await compact(leader.directUrl, 3)).ok).to.equal(true);
      const after = await hashesOf(cluster);
      expect(checkHashes(after, names())).to.deep.equal({ kind: "ok", checked: 3 });
      expect(after[0]).to.deep.include({ ok: true, compactRevision: 3, revision: before[0]?.ok === true ? before[0].revision : undefined });
      expect(new Set([...before, ...after].map((sample) => sample.ok && sample.hash)).size, "what is compacted counts no more").to.equal(2);
    });

    it("tell no hash of a revision that was compacted or is to come, in etcd's words", async () => {
      const { directUrl } = cluster.members[0] ?? expect.fail("no member");
      expect(await hashKv(directUrl, 2).then(String, messageOf)).to.match(/required revision has been compacted$/);
      expect(await hashKv(directUrl, 10_000).then(String, messageOf)).to.match(/required revision is a future revision$/);
    });

    it("are seen to differ where one member has another value, which the other two have not", async () => {
      const [leader, follower] = await leaderFirst(cluster);
      await falsify(follower, "true-value", "liar-value");
      await untilUsable(cluster);
      const found = checkHashes(await hashesOf(cluster), names());
      expect(found).to.deep.include({ kind: "violated", rule: "different stores" });
      expect(found).to.have.property("sentence").that.matches(new RegExp(`^${follower.name} is alone with another store at revision \\d+, compacted to 3: the hash is \\d+ on ${follower.name}, and \\d+ on etcd-\\d and etcd-\\d$`));
      expect(await get(leader.directUrl, "k"), "what a client sees, as long as it asks the right member").to.be.oneOf(["true-value", "liar-value"]);
    });
  });
}
