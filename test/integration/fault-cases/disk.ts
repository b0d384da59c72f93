import { expect } from "chai";
import { whyNoDiskFaults } from "../../../src/cluster/disk/disk-shim.ts";
import type { RunningCluster } from "../../../src/cluster/cluster.ts";
import { isHealthy } from "../../../src/cluster/gateway.ts";
import { capabilities } from "../../../src/cluster/member.ts";
import { put } from "../../support/kv.ts";
import { putMs, until, writable, type Sorted } from "../live-faults.ts";
import type { FaultCase } from "./fault-case.ts";

const lacking = await whyNoDiskFaults();
const gaps: Required<Pick<FaultCase, "gaps">> = { gaps: lacking === undefined ? {} : { local: lacking, docker: lacking } };

export const diskCases: readonly FaultCase[] = [
  {
    kind: "slow-fsync",
    title: "200 ms on the leader",
    options: { delay: "200ms" },
    targets: ([leader]) => [leader],
    async look(_, [leader]) {
      // Its raft loop waits for the sync of one write before it takes up the next.
      await put(leader.clientUrl, "fault", "before", 10_000);
      expect(await putMs(leader)).to.be.greaterThan(100);
    },
    ...gaps,
  },
  {
    kind: "slow-fsync",
    title: "20 ms to 60 ms on the log of both followers, which a write has to wait for",
    options: { delay: "20ms", "up-to": "60ms", files: "wal" },
    targets: ([, follower, other]) => [follower, other],
    async look(_, [leader]) {
      expect(await putMs(leader)).to.be.greaterThan(19);
    },
    ...gaps,
  },
  {
    kind: "slow-fsync",
    title: "half of the database's syncs on a follower",
    options: { delay: "40ms", files: "db", probability: 0.5 },
    targets: ([, follower]) => [follower],
    ...gaps,
  },
  {
    kind: "fsync-error",
    title: "EIO on the leader",
    targets: ([leader]) => [leader],
    look: othersTakeWrites,
    ...gaps,
  },
  {
    kind: "fsync-error",
    title: "ENOSPC on a follower's database",
    options: { error: "ENOSPC", files: "db" },
    targets: ([, follower]) => [follower],
    look: followerIsDown,
    ...gaps,
  },
  {
    kind: "write-error",
    title: "EIO on the leader",
    targets: ([leader]) => [leader],
    look: othersTakeWrites,
    ...gaps,
  },
  {
    kind: "write-error",
    title: "ENOSPC on a follower's log",
    options: { error: "ENOSPC", files: "wal" },
    targets: ([, follower]) => [follower],
    look: followerIsDown,
    ...gaps,
  },
  {
    kind: "write-error",
    title: "EIO on a follower's database",
    options: { files: "db" },
    targets: ([, follower]) => [follower],
    look: followerIsDown,
    ...gaps,
  },
  {
    kind: "write-error",
    title: "EIO after a while on the leader's log",
    options: { files: "wal", after: "200ms" },
    targets: ([leader]) => [leader],
    look: othersTakeWrites,
    ...gaps,
  },
  {
    kind: "lying-fsync",
    title: "on all",
    targets: (sorted) => sorted,
    async look(_, sorted) {
      const [leader] = sorted;
      if (!capabilities.disk(leader)) return expect.fail("it has no disk faults");
      const before = await leader.diskSyncs();
      await put(leader.clientUrl, "fault", "acknowledged and not durable", 5_000);
      await until("a sync was asked for", async () => (await leader.diskSyncs()).wal.calls > before.wal.calls);
      expect((await leader.diskSyncs()).wal.synced).to.equal(before.wal.synced);
    },
    ...gaps,
  },
];

async function followerIsDown(_: RunningCluster, [leader, follower]: Sorted): Promise<void> {
  expect(await writable(leader)).to.equal(true);
  expect(await isHealthy(follower.directUrl, { serializable: true })).to.equal(false);
}

async function othersTakeWrites(_: RunningCluster, [leader, follower]: Sorted): Promise<void> {
  await until("the others take writes", () => writable(follower));
  expect(await isHealthy(leader.directUrl, { serializable: true })).to.equal(false);
}
