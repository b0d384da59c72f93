import { expect } from "chai";
import { checkAppend } from "../../src/check/append.ts";
import { checkCounter } from "../../src/check/counter.ts";
import type { Finding } from "../../src/check/finding.ts";
import { checkLeases } from "../../src/check/lease.ts";
import { checkLocks } from "../../src/check/lock.ts";
import { checkNoLostWrites } from "../../src/check/no-lost-writes.ts";
import { checkQueue } from "../../src/check/queue.ts";
import { checkStrictSerializable } from "../../src/check/strict-serializable.ts";
import { isKind, type Operation } from "../../src/recording/operation.ts";
import { seededRandom } from "../../src/random.ts";
import { append } from "../../src/workloads/append.ts";
import { counter } from "../../src/workloads/counter.ts";
import { kv } from "../../src/workloads/kv.ts";
import { lease } from "../../src/workloads/lease.ts";
import { lock } from "../../src/workloads/lock.ts";
import { queue } from "../../src/workloads/queue.ts";
import { txn } from "../../src/workloads/txn.ts";
import { mutations } from "./append/mutations.ts";
import { wrongs as counterWrongs } from "./counter/changes.ts";
import { playWorkloads, type Play } from "./lease-cluster.ts";
import { wrongs as queueWrongs } from "./queue/changes.ts";
import { simulatedLoad } from "./simulated-load.ts";

/** More on demand: CHECKED_HISTORIES=10000 npx mocha test/check. */
const histories = Math.ceil(Number(process.env["CHECKED_HISTORIES"] ?? 300) / 10);
const seeds = Array.from({ length: histories }, (_, index) => index + 1);

const all = { append: checkAppend, queue: checkQueue, counter: checkCounter, "strict-serializable": checkStrictSerializable, "no-lost-writes": checkNoLostWrites } as const;

function side(seed: number): Operation[] {
  const workloads = [kv.bind({ clients: 3, mix: { get: 2, put: 2, range: 1, delete: 1, swap: 1 } }), txn.bind({ clients: 2 }), append.bind({ clients: 2 }), queue.bind({ clients: 4 }), counter.bind({ clients: 3 })];
  return simulatedLoad(workloads, seed, { operations: 500, unknown: (seed % 4) * 0.03 });
}

const slackNs = 15e9;
const checkLeasesInTime = (history: readonly Operation[]): Finding => checkLeases(history, { slackNs });

/** What only one workload did: as if it had been alone. */
function of(history: readonly Operation[], prefix: string): Operation[] {
  return history.filter((each) => JSON.stringify(each).includes(`"key":"${prefix}`));
}

describe("checkers of one workload in a history of several", function () {
  this.timeout(600_000);

  it(`find nothing wrong in ${histories} correct ones`, () => {
    for (const seed of seeds) {
      const history = side(seed);
      for (const [name, check] of Object.entries(all)) expect(check(history), `${name}, seed ${seed}`).to.include({ kind: "ok" });
    }
  });

  it("look at as much as if it had been alone", () => {
    const history = side(1);
    for (const [check, prefix] of [[checkAppend, "a"], [checkQueue, "queue/"], [checkCounter, "number/"]] as const) {
      const [alone, beside] = [check(of(history, prefix)), check(history)];
      expect(alone.kind === "ok" && alone.checked).to.be.greaterThan(30);
      expect(beside).to.deep.equal(alone);
    }
  });

  it("find what is wrong with it, and the others do not", () => {
    const cases = [
      { wrong: queueWrongs["item that two were given"]?.change, prefix: "queue/", finds: "queue" },
      { wrong: queueWrongs["item that is in no look at the end"]?.change, prefix: "queue/", finds: "queue" },
      { wrong: counterWrongs["increment that was written over"]?.change, prefix: "number/", finds: "counter" },
      { wrong: mutations["read of an element from nowhere"], prefix: "a", finds: "append" },
    ] as const;
    for (const { wrong, prefix, finds } of cases) {
      let found = 0;
      for (const seed of seeds) {
        const history = side(seed);
        const own = of(history, prefix);
        const changed = wrong?.(own, seededRandom(seed, finds));
        if (changed === undefined) continue;
        const others = history.filter((each) => !own.includes(each));
        const whole = [...others, ...changed].sort((a, b) => a.invokeNs - b.invokeNs);
        for (const name of ["append", "queue", "counter"] as const) expect(all[name](whole).kind, `${name}, seed ${seed}`).to.equal(name === finds ? "violated" : "ok");
        found += 1;
      }
      expect(found, finds).to.be.greaterThan(histories / 3);
    }
  });
});

describe("checkers in a history of leases, locks and keys", function () {
  this.timeout(600_000);
  const play = (options: Partial<Play> = {}): Promise<Operation[]> => playWorkloads([lock.bind({ clients: 4, locks: 2, timeout: "8s" }), kv.bind({ clients: 3, "think-time": "200ms" }), lease.bind({ clients: 4 })], { seed: 1, ...options });

  it("find nothing wrong in correct ones", async () => {
    for (const seed of seeds.slice(0, 10)) {
      const history = await play({ seed });
      for (const check of [checkLocks, checkLeasesInTime, checkStrictSerializable, checkNoLostWrites]) expect(check(history), `seed ${seed}`).to.include({ kind: "ok" });
    }
  });

  it("keep the leases of two workloads apart", async () => {
    const granted = (await play()).filter(isKind("lease-grant")).map(({ lease: number }) => number);
    expect(new Set(granted).size).to.equal(granted.length);
  });

  it("find leases that end early and fences that hold nobody off", async () => {
    expect(checkLeasesInTime(await play({ fault: { earlyMs: 800 } }))).to.include({ kind: "violated", rule: "expired early" });
    expect(checkLocks(await play({ fault: { openFence: true }, stallsOneIn: 30 }))).to.include({ kind: "violated", rule: "write by an old holder" });
  });

  it("find a stale read of a key that is attached to no lease, by what a lock's client had been told too", async () => {
    const history = await play();
    const read = history.filter(isKind("get")).filter(({ key, outcome, revision = 0 }) => key.startsWith("k") && outcome === "ok" && revision > 50).at(-1);
    if (read === undefined) throw new Error("there is no such read");
    const { modRevision: _, createRevision: __, version: ___, ...rest } = read;
    const stale = history.map((each) => (each === read ? { ...rest, value: null, revision: 1 } : each));
    expect(checkStrictSerializable(stale)).to.include({ kind: "violated" });
    const unread = history.filter((each) => each.op !== "put" && each.op !== "get");
    expect(checkStrictSerializable([...unread, { ...rest, value: null, revision: 1 }])).to.include({ kind: "violated", rule: "revision went back" });
  });

  it("say nothing where an operation is about keys with leases and others", async () => {
    const history = await play();
    const last = history.at(-1);
    if (last === undefined) throw new Error("there is no operation");
    const { process, client, member, intendedNs, invokeNs, returnNs } = last;
    const both: Operation = { process, client, member, intendedNs, invokeNs, returnNs, outcome: "ok", op: "range", key: "a", end: "z", kvs: [], count: 0, revision: 100_000 };
    for (const check of [checkStrictSerializable, checkNoLostWrites]) {
      const finding = check([...history, both]);
      expect(finding.kind === "unknown" && finding.because).to.match(/^operations are about keys that are attached to leases and about others/);
    }
  });
});
