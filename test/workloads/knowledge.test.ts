import { expect } from "chai";
import type { Operation } from "../../src/recording/operation.ts";
import type { GetAnswer } from "../../src/recording/operations/key-value.ts";
import { Knowledge } from "../../src/workloads/knowledge.ts";

const common = { process: 0, client: 0, member: "etcd-1", intendedNs: 0, invokeNs: 0, returnNs: 5 } as const;

function read(key: string, answer: GetAnswer): Operation {
  return { ...common, op: "txn", compares: [], success: [{ op: "get", key }], failure: [], succeeded: true, responses: [{ op: "get", ...answer }], revision: 9, outcome: "ok" };
}

function put(key: string, value: string, succeeded: boolean, outcome: "ok" | "info" = "ok"): Operation {
  const answered = outcome === "ok" ? { succeeded, responses: [succeeded ? { op: "put" as const } : { op: "get" as const, value: "other", modRevision: 7 }], revision: 8 } : {};
  return { ...common, op: "txn", compares: [], success: [{ op: "put", key, value }], failure: [{ op: "get", key }], ...answered, outcome };
}

describe("what the clients of a workload know", () => {
  it("is nothing of a key that nobody has heard of", () => {
    expect(new Knowledge().value("a")).to.equal(null);
    expect(new Knowledge().guard("a")).to.deep.equal({ key: "a", target: "mod", is: "=", to: 0 });
  });

  it("is what was read, and what was put", () => {
    const knowledge = new Knowledge();
    knowledge.learn(read("a", { value: "1", modRevision: 4, createRevision: 4, version: 1 }));
    expect([knowledge.value("a"), knowledge.guard("a").to]).to.deep.equal(["1", 4]);
    knowledge.learn(put("a", "2", true));
    expect([knowledge.value("a"), knowledge.guard("a").to]).to.deep.equal(["2", 8]);
  });

  it("is what a transaction read whose compares did not hold, and not what it would have put", () => {
    const knowledge = new Knowledge();
    knowledge.learn(put("a", "2", false));
    expect([knowledge.value("a"), knowledge.guard("a").to]).to.deep.equal(["other", 7]);
  });

  it("is not what may have been put", () => {
    const knowledge = new Knowledge();
    knowledge.learn(put("a", "2", true, "info"));
    expect(knowledge.value("a")).to.equal(null);
  });

  it("is the newest, in whatever order answers come", () => {
    const knowledge = new Knowledge();
    knowledge.learn(put("a", "2", true));
    knowledge.learn(read("a", { value: "1", modRevision: 4, createRevision: 4, version: 1 }));
    knowledge.learn(read("a", { value: null }));
    expect([knowledge.value("a"), knowledge.guard("a").to]).to.deep.equal(["2", 8]);
    knowledge.forget("a");
    expect(knowledge.value("a")).to.equal(null);
  });
});
