import { expect } from "chai";
import { z } from "zod";
import { isKind, type Operation, type Request } from "../../src/recording/operation.ts";
import { workloadKinds } from "../../src/workloads/index.ts";
import { queue } from "../../src/workloads/queue.ts";
import { simulatedLoad } from "../check/simulated-load.ts";
import { answeredRequests, type Reply } from "./requests.ts";

const found = (items: Readonly<Record<string, number>>): Reply => ({ kvs: Object.entries(items).map(([item, at]) => ({ key: `queue/${item}`, value: item, modRevision: at, createRevision: at, version: 1 })), revision: 9 });
const text = (request: Request | undefined): string => {
  if (request?.op === "put") return "put";
  return request?.op === "txn" ? `take ${request.success.map((part) => (part.op === "delete" ? part.key : part.op)).join()}` : "look";
};

describe("the queue workload", () => {
  it("is in the table of workloads, and says what it does", () => {
    expect(workloadKinds).to.include(queue);
    expect(queue.bind({ rate: 50, length: 1, enqueues: 0.7 }).title).to.equal("queue: 50 operations/s, 10 clients of all members, 1 item at most, 70 % enqueues");
  });

  for (const [what, options] of Object.entries({ "a queue of no length": { length: 0 }, "a share of enqueues above 1": { enqueues: 2 }, "a pause beside a rate": { rate: 5, "think-time": "5ms" } })) {
    it(`refuses ${what}`, () => {
      expect(() => queue.bind(options)).to.throw(z.ZodError);
    });
  }

  it("takes out what was created first, whatever its key, if it is as it was found", () => {
    const requests = answeredRequests(queue.bind({ enqueues: 0 }), 3, ({ op }) => (op === "range" ? found({ a: 5, b: 4, c: 6 }) : { succeeded: true }));
    expect(requests.map(text)).to.deep.equal(["look", "take queue/b", "look"]);
    expect(requests[1]).to.deep.equal({ op: "txn", compares: [{ key: "queue/b", target: "mod", is: "=", to: 4 }], success: [{ op: "delete", key: "queue/b" }], failure: [] });
  });

  it("looks again where another was faster, and does something new where nobody knows what came of it", () => {
    const again = answeredRequests(queue.bind({ enqueues: 0.999 }), 60, ({ op }) => (op === "range" ? found({ a: 5 }) : { succeeded: false })).map(text);
    const taken = again.indexOf("take queue/a");
    expect(again.slice(taken, taken + 3)).to.deep.equal(["take queue/a", "look", "take queue/a"]);
    const unknown = answeredRequests(queue.bind({ enqueues: 0.999, length: 5 }), 60, ({ op }) => (op === "range" ? found({ a: 5 }) : op === "txn" ? { outcome: "info" } : {})).map(text);
    expect(unknown[unknown.indexOf("take queue/a") + 1]).to.equal("put");
  });

  it("puts nothing in where the queue is known to be full, and takes nothing from an empty one", () => {
    const full = answeredRequests(queue.bind({ enqueues: 0.5, length: 2 }), 40, ({ op }) => (op === "range" ? found({ a: 5, b: 6 }) : { succeeded: false })).map(text);
    expect(full.slice(full.indexOf("look"))).to.not.include("put");
    const empty = answeredRequests(queue.bind({ enqueues: 0.5 }), 40, ({ op }) => (op === "range" ? found({}) : {})).map(text);
    expect(empty.filter((each) => each.startsWith("take"))).to.deep.equal([]);
    expect(empty).to.include("put");
  });

  it("puts each item in once, under a key of its own, and lets the queue get about as long as asked", () => {
    const history: Operation[] = simulatedLoad(queue.bind({ clients: 5, length: 6 }), 3, { operations: 2_000 });
    const puts = history.filter(isKind("put"));
    expect(new Set(puts.map(({ key }) => key)).size).to.equal(puts.length);
    expect(puts.every(({ key }) => key.startsWith("queue/"))).to.equal(true);
    const lengths = history.filter(isKind("range")).map(({ kvs = [] }) => kvs.length);
    expect(Math.max(...lengths)).to.be.within(6, 6 + 2 * 5);
  });
});
