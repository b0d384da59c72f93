import { expect } from "chai";

import { queue } from "../../assertions/queue.ts";
import type { Verdict } from "../../assertions/verdict.ts";
import type { Operation } from "../../src/recording/operation.ts";
import { operation } from "../check/sketch.ts";
import { recording } from "../recordings/builder.ts";

const ms = 1e6;
const item = { key: "queue/a", value: "a", modRevision: 2, createRevision: 2, version: 1 };
const enqueued = operation(0, [10 * ms, 20 * ms], { op: "put", key: "queue/a", value: "a", revision: 2 });
const taken = (process: number, atMs: number, revision: number): Operation =>
  operation(process, [atMs * ms, (atMs + 10) * ms], { op: "txn", compares: [{ key: "queue/a", target: "mod", is: "=", to: 2 }], success: [{ op: "delete", key: "queue/a" }], failure: [], succeeded: true, responses: [{ op: "delete", deleted: 1 }], revision });
const look = (atMs: number, revision: number, items: readonly (typeof item)[]): Operation =>
  operation(8, [atMs * ms, (atMs + 10) * ms], { op: "range", key: "queue/", end: "queue0", limit: 10, kvs: items, count: items.length, revision, ...(atMs > 9_000 ? { final: true } : {}) });

function judged(operations: readonly Operation[], options: object = { "at-least": 1 }): Verdict {
  return queue.bind(options).judge({ ...recording().phase("whole", 0, 9_000).event({ type: "workload", atMs: 9_000, state: "stopped" }).build(), operations });
}

describe("the assertion queue", () => {
  const good = [enqueued, look(30, 2, [item]), taken(1, 50, 3), look(9_100, 3, [])];

  it("passes with the number of items that were taken out in order", () => {
    expect(judged(good)).to.deep.include({ outcome: "pass", observed: "1 item taken out in order" });
  });

  it("fails where an item is handed out twice, or is lost, and shows the operations", () => {
    const twice = judged([...good.slice(0, 3), taken(2, 70, 4), look(9_100, 4, [])]);
    expect(twice.outcome).to.equal("fail");
    expect(twice.observed).to.match(/^handed out twice, in 5 operations$/);
    expect(twice.evidence.map(({ kind }) => kind)).to.include("operation");
    expect(judged([enqueued, look(9_100, 2, [])]).observed).to.match(/^lost item/);
  });

  it("is inconclusive where few were taken out, nobody read what is left, or nothing was done", () => {
    expect(judged(good, {})).to.deep.include({ outcome: "inconclusive", reason: "only 1 item were taken out, of 100 wanted" });
    expect(judged(good.slice(0, 3))).to.deep.include({ outcome: "inconclusive", reason: "the queue could be read through no member when the load had ended, so that lost items may hide" });
    expect(judged([])).to.deep.include({ outcome: "inconclusive", reason: "there are no operations" });
  });
});
