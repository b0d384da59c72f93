import { expect } from "chai";
import { z } from "zod";
import { isKind } from "../../src/recording/operation.ts";
import { counter } from "../../src/workloads/counter.ts";
import { workloadKinds } from "../../src/workloads/index.ts";
import { simulatedLoad } from "../check/simulated-load.ts";
import { answeredRequests, type Reply } from "./requests.ts";

const at = (value: string | null, modRevision = 0): Reply => ({ value, modRevision, revision: 9 });

describe("the counter workload", () => {
  it("is in the table of workloads, and says what it does", () => {
    expect(workloadKinds).to.include(counter);
    expect(counter.bind({ counters: 1, reads: 0.2 }).title).to.equal("counter: closed loop, 10 clients of all members, 1 counter, 20 % reads");
  });

  for (const [what, options] of Object.entries({ "no counter": { counters: 0 }, "a share of reads above 1": { reads: 2 }, "a pause beside a rate": { rate: 5, "think-time": "5ms" } })) {
    it(`refuses ${what}`, () => {
      expect(() => counter.bind(options)).to.throw(z.ZodError);
    });
  }

  it("reads a counter, and puts the next number if nobody has changed it since", () => {
    const requests = answeredRequests(counter.bind({ counters: 1, reads: 0 }), 4, ({ op }, index) => (op === "get" ? (index === 0 ? at(null) : at("7", 5)) : { succeeded: true }));
    const put = (value: string, to: number): object => ({ op: "txn", compares: [{ key: "number/0", target: "mod", is: "=", to }], success: [{ op: "put", key: "number/0", value }], failure: [{ op: "get", key: "number/0" }] });
    expect(requests).to.deep.equal([{ op: "get", key: "number/0" }, put("1", 0), { op: "get", key: "number/0" }, put("8", 5)]);
  });

  it("goes on from what another made of it, until it is added or nobody knows", () => {
    const ends = [at("7", 5), { succeeded: false, responses: [{ op: "get", value: "9", modRevision: 8 }] }, { outcome: "info" }, at("3", 4), { outcome: "fail" }];
    const requests = answeredRequests(counter.bind({ counters: 1, reads: 0 }), 6, (_, index) => ends[index] ?? {});
    expect(requests.map(({ op }) => op)).to.deep.equal(["get", "txn", "txn", "get", "txn", "get"]);
    expect(requests[2]).to.deep.include({ compares: [{ key: "number/0", target: "mod", is: "=", to: 8 }], success: [{ op: "put", key: "number/0", value: "10" }] });
  });

  it("adds nothing to what is no number", () => {
    const requests = answeredRequests(counter.bind({ counters: 1, reads: 0 }), 4, () => at("many", 5));
    expect(requests.map(({ op }) => op)).to.deep.equal(["get", "get", "get", "get"]);
  });

  it("reads as often as it is told, and adds one each time", () => {
    const history = simulatedLoad(counter.bind({ clients: 4, counters: 2 }), 3, { operations: 1_000, unknown: 0, failed: 0 });
    const added = history.filter(isKind("txn")).filter(({ succeeded }) => succeeded === true).length;
    const [end] = history.filter(isKind("range"));
    const counted = (end?.kvs ?? []).reduce((sum, { value }) => sum + Number(value), 0);
    // Those that were under way when it ended may be added or not.
    expect(counted).to.be.within(added, added + 4);
    expect(added).to.be.greaterThan(100);
  });
});
