import { expect } from "chai";
import { checkAppend } from "../../src/check/append.ts";
import { checkCounter } from "../../src/check/counter.ts";
import { additionsIn } from "../../src/check/counters/history.ts";
import { checkLeases } from "../../src/check/lease.ts";
import { checkLocks } from "../../src/check/lock.ts";
import { checkNoLostWrites } from "../../src/check/no-lost-writes.ts";
import { checkQueue, handedOut } from "../../src/check/queue.ts";
import { checkStrictSerializable } from "../../src/check/strict-serializable.ts";
import { MonotonicClock, waitFor } from "../../src/clock.ts";
import type { LocalMember } from "../../src/cluster/local/local-member.ts";
import { isKind, type Operation } from "../../src/recording/operation.ts";
import { append } from "../../src/workloads/append.ts";
import { counter } from "../../src/workloads/counter.ts";
import { lease } from "../../src/workloads/lease.ts";
import type { MemberEndpoint } from "../../src/workloads/load.ts";
import { lock } from "../../src/workloads/lock.ts";
import { queue } from "../../src/workloads/queue.ts";
import type { WorkloadStats } from "../../src/workloads/stats.ts";
import { txn } from "../../src/workloads/txn.ts";
import type { Workload } from "../../src/workloads/workload.ts";
import { temporaryFolder } from "../recording/temporary-folder.ts";
import { expectSequentialProcesses, ofLoad, startLoad } from "../workloads/running-load.ts";
import { startSingleMember } from "../workloads/single-member.ts";

const clock = new MonotonicClock();
const endpointOf = ({ name, directUrl }: LocalMember): MemberEndpoint => ({ member: name, url: directUrl });
const kvOptions = { clients: 3, keys: 6, "think-time": "10ms", timeout: "5s" };
const pace = { clients: 3, "think-time": "20ms", timeout: "5s" };

/** What each client of the kv workload asked, in order: what was asked, without the answers. */
function asked(history: readonly Operation[], firstClient: number): string[][] {
  return [0, 1, 2].map((client) =>
    ofLoad(history)
      .filter((each) => each.client === firstClient + client)
      .map((each) => (each.op === "put" ? `put ${each.key} ${each.value}` : each.op === "get" ? `get ${each.key}` : each.op)),
  );
}

describe("several workloads on a real etcd", function () {
  this.timeout(120_000);

  it("run side by side in one load, and all that a healthy member answers each of them is right", async () => {
    using folder = temporaryFolder();
    await using member = await startSingleMember(folder.path, clock);
    const beside: Workload[] = [txn.bind(pace), append.bind(pace), queue.bind(pace), counter.bind(pace), lease.bind({ clients: 3 }), lock.bind({ clients: 3 })];
    await using load = await startLoad(kvOptions, [endpointOf(member)], folder.path, clock, { beside });
    const stats: WorkloadStats[] = [];
    load.workload.onStats((each) => stats.push(each));
    await waitFor(clock, async () => { const history = await load.history(); return handedOut(history) >= 20 && additionsIn(history) >= 20 && history.some(({ op }) => op === "guarded-write") ? true : undefined; }, { limitMs: 60_000, everyMs: 500 });
    expect((await load.workload.stop()).unread).to.deep.equal([]);

    const history = await load.history();
    expectSequentialProcesses(history);
    expect(new Set(ofLoad(history).map(({ client }) => client))).to.deep.equal(new Set(Array.from({ length: 21 }, (_, client) => client)));
    const last = history.filter(isKind("range")).filter(({ final }) => final === true);
    expect(new Set(last.map(({ key, outcome }) => `${key} ${outcome}`))).to.deep.equal(new Set(["t", "a", "queue/", "number/", "leased/", "guarded/", "k"].map((key) => `${key} ok`)));
    expect(last.every(({ client }) => client >= 21)).to.equal(true);
    const sorted = history.toSorted((a, b) => a.invokeNs - b.invokeNs);
    for (const check of [checkStrictSerializable, checkNoLostWrites, checkAppend, checkQueue, checkCounter, checkLocks, (all: readonly Operation[]) => checkLeases(all, { slackNs: 15e9 })]) expect(check(sorted)).to.include({ kind: "ok" });
    const kinds = stats.flatMap((each) => each.kinds ?? []);
    expect(new Set(kinds.map(({ kind }) => kind))).to.deep.equal(new Set(["txn", "append", "queue", "counter", "lease", "lock", "kv"]));
    expect(kinds.reduce((sum, { ok }) => sum + ok, 0)).to.equal(stats.reduce((sum, { ok }) => sum + ok, 0));
  });

  it("ask what they would ask alone", async () => {
    using folder = temporaryFolder();
    await using member = await startSingleMember(folder.path, clock);
    const runOf = async (name: string, beside: Workload[]): Promise<Operation[]> => {
      using own = temporaryFolder();
      await using load = await startLoad(kvOptions, [endpointOf(member)], own.path, clock, { beside });
      const first = beside.reduce((sum, { clients }) => sum + clients, 0);
      const long = await waitFor(clock, async () => { const all = asked(await load.history(), first); return all.every(({ length }) => length >= 40) ? true : undefined; }, { limitMs: 30_000, everyMs: 100 });
      expect(long, `${name} asked enough`).to.equal(true);
      await load.workload.stop();
      return await load.history();
    };
    const alone = asked(await runOf("alone", []), 0);
    const beside = asked(await runOf("beside another", [counter.bind(pace)]), 3);
    for (const [client, requests] of alone.entries()) {
      expect(requests.slice(0, 40)).to.deep.equal(beside[client]?.slice(0, 40));
      expect(new Set(requests).size).to.be.greaterThan(10);
    }
  });
});
