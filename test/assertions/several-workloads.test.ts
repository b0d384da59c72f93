import { expect } from "chai";
import { append } from "../../assertions/append.ts";
import type { AssertionKind } from "../../assertions/assertion.ts";
import { counter } from "../../assertions/counter.ts";
import { wereReadAtEnd } from "../../assertions/history.ts";
import { noLostWrites } from "../../assertions/no-lost-writes.ts";
import { queue } from "../../assertions/queue.ts";
import { strictSerializable } from "../../assertions/strict-serializable.ts";
import type { Verdict } from "../../assertions/verdict.ts";
import type { Operation } from "../../src/recording/operation.ts";
import { append as appendLoad } from "../../src/workloads/append.ts";
import { counter as counterLoad } from "../../src/workloads/counter.ts";
import { kv } from "../../src/workloads/kv.ts";
import { lease as leaseLoad } from "../../src/workloads/lease.ts";
import { queue as queueLoad } from "../../src/workloads/queue.ts";
import { playWorkloads } from "../check/lease-cluster.ts";
import { simulatedLoad } from "../check/simulated-load.ts";
import { recording } from "../recordings/builder.ts";

function judged(kind: AssertionKind, operations: readonly Operation[], options: object = { "at-least": 10 }): Verdict {
  const run = recording().phase("load", 0, 60_000).event({ type: "workload", atMs: 60_000, state: "stopped" });
  return kind.bind(options).judge({ ...run.build(), operations });
}

const history = simulatedLoad([kv.bind({ clients: 2 }), appendLoad.bind({ clients: 2 }), queueLoad.bind({ clients: 4 }), counterLoad.bind({ clients: 3 })], 1, { operations: 600 });
const without = (from: string): Operation[] => history.filter((each) => !(each.op === "range" && each.final === true && each.key === from));
/** The last reads of one workload got no answer. */
const unread = (from: string): Operation[] =>
  history.map((each): Operation => {
    if (each.op !== "range" || each.final !== true || each.key !== from) return each;
    const { process, client, member, intendedNs, invokeNs, returnNs, key, end, limit = 0 } = each;
    return { process, client, member, intendedNs, invokeNs, returnNs, op: "range", key, end, limit, final: true, outcome: "info", error: "no answer in time" };
  });

describe("the assertion about queues", () => {
  it("passes with the number of items that were taken out in order", () => {
    const verdict = judged(queue, history);
    expect(verdict.outcome).to.equal("pass");
    expect(verdict.observed).to.match(/^\d+ items taken out in order$/);
  });

  it("fails with the operations that show it", () => {
    const lost = history.map((each): Operation => (each.op === "range" && each.key === "queue/" && each.final !== true && (each.revision ?? 0) > 60 ? { ...each, kvs: [] } : each));
    const verdict = judged(queue, lost);
    expect(verdict.outcome).to.equal("fail");
    expect(verdict.observed).to.match(/^lost item, in 6\d\d operations$/);
    expect(verdict.evidence.map(({ text }) => text).join("\n")).to.match(/put queue\/.*: ok at revision \d+[^]*range queue\/ to queue0 .*: ok at revision \d+, 0 keys/);
  });

  it("is inconclusive where few items were taken out", () => {
    expect(judged(queue, history, {})).to.have.property("reason").that.matches(/^only \d+ items were taken out, of 100 wanted$/);
  });
});

describe("assertions about one of several workloads", () => {
  for (const [kind, from] of [[append, "a"], [queue, "queue/"], [counter, "number/"]] as const) {
    it(`${kind.kind} passes, and needs the reads at the end of its own keys alone`, () => {
      expect(judged(kind, history).outcome).to.equal("pass");
      expect(judged(kind, without("k")).outcome).to.equal("pass");
      for (const operations of [unread(from), without(from)]) {
        const verdict = judged(kind, operations);
        expect(verdict.outcome === "inconclusive" && verdict.reason).to.match(/could be read through no member when the load had ended/);
      }
    });
  }

  it("no-lost-writes needs the reads at the end of the keys of all", () => {
    expect(judged(noLostWrites, history).outcome).to.equal("pass");
    expect(judged(noLostWrites, unread("number/")).outcome).to.equal("inconclusive");
  });

  it("strict-serializable counts what it can judge, beside leases", async () => {
    const mixed = await playWorkloads([leaseLoad.bind({ clients: 4 }), kv.bind({ clients: 3, "think-time": "200ms" })], { seed: 1 });
    expect(judged(strictSerializable, mixed).outcome).to.equal("pass");
    const few = mixed.filter((each) => !("key" in each) || !each.key.startsWith("k") || each.returnNs < 1e9);
    expect(judged(strictSerializable, few, {})).to.have.property("reason").that.matches(/^only \d\d? operations were acknowledged, of 100 wanted$/);
  });
});

describe("the reads at the end", () => {
  it("are all there where each workload's keys were read to the last page, through whichever member", () => {
    expect(wereReadAtEnd(history)).to.equal(true);
    expect(wereReadAtEnd(unread("k"))).to.equal(false);
    expect(wereReadAtEnd(unread("k"), "queue/")).to.equal(true);
    expect(wereReadAtEnd(without("queue/"), "queue/")).to.equal(false);
    expect(wereReadAtEnd([])).to.equal(false);
  });
});
