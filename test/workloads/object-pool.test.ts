import { expect } from "chai";
import { seededRandom } from "../../src/random.ts";
import type { Operation } from "../../src/recording/operation.ts";
import { ObjectPool } from "../../src/workloads/object-pool.ts";

const common = { process: 0, client: 0, member: "etcd-1", intendedNs: 0, invokeNs: 0, returnNs: 5, outcome: "ok" } as const;
const random = seededRandom(1, "pool");

function get(key: string, revision: number, modRevision?: number): Operation {
  return { ...common, op: "get", key, revision, ...(modRevision === undefined ? { value: null } : { value: "v", modRevision, createRevision: modRevision, version: 1 }) };
}

/** A page of a list of what begins with an a, of a revision. */
function page(atRevision: number, found: Readonly<Record<string, number>>, more = 0): Operation {
  const kvs = Object.entries(found).map(([key, modRevision]) => ({ key, value: "v", modRevision, createRevision: modRevision, version: 1 }));
  return { ...common, op: "range", key: "a", end: "b", atRevision, revision: 99, kvs, count: kvs.length + more };
}

function pool(): ObjectPool {
  return new ObjectPool(["a1", "a2", "a3", "b1"]);
}

describe("what the clients know of their objects", () => {
  it("is that there are none at first", () => {
    expect(pool().size).to.equal(0);
    expect(pool().mod("a1")).to.equal(0);
    expect(pool().pickAbsent(random)).to.be.oneOf(["a1", "a2", "a3", "b1"]);
    expect(() => pool().pickThere(random)).to.throw();
  });

  it("is what a read found, or did not find", () => {
    const known = pool();
    known.learn(get("a1", 7, 5));
    expect([known.size, known.mod("a1"), known.pickThere(random)]).to.deep.equal([1, 5, "a1"]);
    known.learn(get("a1", 8));
    expect([known.size, known.mod("a1")]).to.deep.equal([0, 0]);
  });

  it("is the newest, in whatever order answers come", () => {
    const known = pool();
    known.learn(get("a1", 8));
    known.learn(get("a1", 7, 5));
    expect(known.size).to.equal(0);
  });

  it("is what a transaction wrote, deleted or found instead", () => {
    const known = pool();
    const compares = [{ key: "a1", target: "mod" as const, is: "=" as const, to: 0 }];
    const txn = (revision: number, succeeded: boolean, response: "put" | "delete" | number): Operation => ({
      ...common, op: "txn", compares, revision, succeeded,
      success: [response === "delete" ? { op: "delete", key: "a1" } : { op: "put", key: "a1", value: "v" }],
      failure: [{ op: "get", key: "a1" }],
      responses: [response === "put" ? { op: "put" } : response === "delete" ? { op: "delete", deleted: 1 } : { op: "get", value: "v", modRevision: response, createRevision: response, version: 1 }],
    });
    known.learn(txn(4, true, "put"));
    expect(known.mod("a1")).to.equal(4);
    known.learn(txn(9, false, 6));
    expect(known.mod("a1")).to.equal(6);
    known.learn(txn(11, true, "delete"));
    expect([known.size, known.mod("a1")]).to.deep.equal([0, 0]);
  });

  it("is what a page of a list holds and leaves out, and nothing of what is behind the page", () => {
    const known = pool();
    for (const key of ["a1", "a2", "a3", "b1"]) known.learn(get(key, 5, 5));
    known.learn(page(8, { a2: 7 }, 3));
    expect(["a1", "a2", "a3", "b1"].map((key) => known.mod(key)), "more pages follow").to.deep.equal([0, 7, 5, 5]);
    known.learn(page(9, { a2: 7 }));
    expect(["a1", "a2", "a3", "b1"].map((key) => known.mod(key)), "the last page").to.deep.equal([0, 7, 0, 5]);
    known.learn(page(10, {}));
    expect(known.size, "an empty one").to.equal(1);
  });

  it("is nothing of what failed or may have happened", () => {
    const known = pool();
    known.learn({ ...get("a1", 7, 5), outcome: "info" });
    expect(known.size).to.equal(0);
  });

  it("draws each that is there and none that is not, while they come and go", () => {
    const known = pool();
    for (const [revision, key] of ["a1", "a2", "a3", "b1"].entries()) known.learn(get(key, revision + 5, revision + 5));
    known.learn(get("a2", 20));
    known.learn(get("b1", 21));
    const drawn = (pick: () => string): Set<string> => new Set(Array.from({ length: 60 }, pick));
    expect(drawn(() => known.pickThere(random))).to.deep.equal(new Set(["a1", "a3"]));
    expect(drawn(() => known.pickAbsent(random))).to.deep.equal(new Set(["a2", "b1"]));
    known.learn(get("a2", 30, 30));
    expect(drawn(() => known.pickThere(random))).to.deep.equal(new Set(["a1", "a2", "a3"]));
  });
});
