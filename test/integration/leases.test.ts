import { expect } from "chai";
import { checkLeases, expiredLeases } from "../../src/check/lease.ts";
import { checkLocks } from "../../src/check/lock.ts";
import { fairnessOf } from "../../src/check/locks/fairness.ts";
import type { Finding } from "../../src/check/finding.ts";
import { MonotonicClock, waitFor } from "../../src/clock.ts";
import type { RunningCluster } from "../../src/cluster/cluster.ts";
import type { Operation } from "../../src/recording/operation.ts";
import { lease } from "../../src/workloads/lease.ts";
import { lock } from "../../src/workloads/lock.ts";
import type { WorkloadKind } from "../../src/workloads/workload.ts";
import { temporaryFolder } from "../recording/temporary-folder.ts";
import { startTestCluster } from "../support/cluster.ts";
import { expectSequentialProcesses, startLoad } from "../workloads/running-load.ts";
import { inject, leaderFirst, untilUsable, whileInForce } from "./live-faults.ts";

const clock = new MonotonicClock();
const progressLimitMs = 40_000;

function expectOk(finding: Finding): void {
  expect(finding, finding.kind === "violated" ? finding.sentence : finding.kind).to.include({ kind: "ok" });
}

describe("leases and locks on a real cluster", function () {
  this.timeout(150_000);
  let cluster: RunningCluster;
  before(async () => {
    cluster = await startTestCluster("local");
    await untilUsable(cluster);
  });
  after(async () => cluster[Symbol.asyncDispose]());
  afterEach(() => untilUsable(cluster));

  /** The history of a workload whose leader dies once some progress was made, and comes back after some more. */
  async function throughDeath(kind: WorkloadKind, options: object, progress: (history: readonly Operation[]) => number, wanted: number): Promise<Operation[]> {
    using folder = temporaryFolder();
    const endpoints = cluster.members.map(({ name, clientUrl }) => ({ member: name, url: clientUrl }));
    await using load = await startLoad(options, endpoints, folder.path, clock, { kind });
    const until = async (goal: number): Promise<void> => {
      const reached = await waitFor(clock, async () => (progress(await load.history()) >= goal ? true : undefined), { limitMs: progressLimitMs, everyMs: 250 });
      expect(reached, `${progress(await load.history())} of ${goal}`).to.equal(true);
    };
    await until(wanted);
    const [leader] = await leaderFirst(cluster);
    await whileInForce(inject(cluster, "kill", [leader], {}), async () => until(progress(await load.history()) + wanted));
    await until(progress(await load.history()) + wanted);
    await load.workload.stop();
    const history = await load.history();
    expectSequentialProcesses(history);
    return history;
  }

  it("leases live as long as granted through the death of the leader, and end", async () => {
    expectOk(checkLeases(await throughDeath(lease, { clients: 6 }, expiredLeases, 4), { slackNs: 15e9 }));
  });

  it("locks exclude and fence through the death of the leader", async () => {
    expectOk(checkLocks(await throughDeath(lock, { clients: 6, locks: 2 }, (history) => fairnessOf(history).handovers, 6)));
  });
});
