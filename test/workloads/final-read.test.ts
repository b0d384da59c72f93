import { expect } from "chai";
import type { Operation } from "../../src/recording/operation.ts";
import type { KeyValue, RangeRequest } from "../../src/recording/operations/key-value.ts";
import { readFinally } from "../../src/workloads/final-read.ts";

const keys: KeyValue[] = ["k0", "k1", "k2", "k3", "k4"].map((key) => ({ key, value: "v", modRevision: 2, createRevision: 2, version: 1 }));

/** What was read, by an endpoint that fails as often as told before each answer, in a time that only waiting lets pass. */
async function read(limit: number, failures: number, error = "14 UNAVAILABLE: etcdserver: leader changed"): Promise<{ readonly whole: boolean; readonly operations: Operation[] }> {
  const operations: Operation[] = [];
  let nowNs = 0;
  let processes = 40;
  let failed = 0;
  let revision = 70;
  const whole = await readFinally({
    range: { key: "k", end: "l", limit },
    member: "etcd-2",
    client: 12,
    endpoint: {
      async perform(request) {
        nowNs += 1e6;
        if (failed++ < failures) throw new Error(error);
        if (request.op !== "range") throw new Error("it is no range");
        const found = keys.filter(({ key }) => key >= request.key && key < request.end);
        return { ...request, kvs: found.slice(0, limit), count: found.length, revision: revision++ };
      },
    },
    nextProcess: () => processes++,
    nowNs: () => nowNs,
    sleep: async (durationMs) => void (nowNs += durationMs * 1e6),
    limitMs: 5_000,
    record: (operation) => operations.push(operation),
  });
  return { whole, operations };
}

const asked = ({ operations }: { readonly operations: readonly Operation[] }): RangeRequest[] => operations.filter((each) => each.op === "range");

describe("the reads at the end of a load", () => {
  it("are one where all keys fit in an answer, marked as no part of the load", async () => {
    const { whole, operations } = await read(10, 0);
    expect(whole).to.equal(true);
    expect(operations).to.have.length(1);
    expect(operations[0]).to.deep.include({ op: "range", key: "k", end: "l", final: true, outcome: "ok", process: 40, client: 12, member: "etcd-2", kvs: keys, revision: 70 });
  });

  it("go page by page through the state of one revision", async () => {
    const pages = await read(2, 0);
    expect(asked(pages).map(({ key, atRevision }) => [key, atRevision])).to.deep.equal([["k", undefined], ["k1\0", 70], ["k3\0", 70]]);
    expect(pages.whole).to.equal(true);
  });

  it("end with an empty page where the last one was full", async () => {
    expect(asked(await read(5, 0)).map(({ key }) => key)).to.deep.equal(["k", "k4\0"]);
  });

  it("are tried again, by another process after an unknown outcome", async () => {
    const { whole, operations } = await read(10, 2);
    expect(whole).to.equal(true);
    expect(operations.map(({ outcome, process }) => [outcome, process])).to.deep.equal([["info", 40], ["info", 41], ["ok", 42]]);
    const refused = await read(10, 1, "14 UNAVAILABLE: etcdserver: no leader");
    expect(refused.operations.map(({ outcome, process }) => [outcome, process])).to.deep.equal([["fail", 40], ["ok", 40]]);
  });

  it("are given up after their time, and say so", async () => {
    const { whole, operations } = await read(10, Infinity);
    expect(whole).to.equal(false);
    expect(operations.length).to.be.within(45, 50);
  });
});
