import { expect } from "chai";
import { z } from "zod";
import { checkNoLostWrites } from "../../src/check/no-lost-writes.ts";
import { checkStrictSerializable } from "../../src/check/strict-serializable.ts";
import { isKind, type Operation, type OperationOf, type Request } from "../../src/recording/operation.ts";
import { workloadKinds } from "../../src/workloads/index.ts";
import { kubernetes } from "../../src/workloads/kubernetes.ts";
import { simulatedLoad } from "../check/simulated-load.ts";
import { answeredRequests } from "./requests.ts";

const simulated = (options: object = {}, seed = 1, operations = 600): Operation[] => simulatedLoad(kubernetes.bind({ objects: 20, page: 4, ...options }), seed, { operations });
const txns = (history: readonly Operation[]): OperationOf<"txn">[] => history.filter(isKind("txn"));
const objectKey = /^\/registry\/(pods|configmaps)\/ns-[01]\/o\d+$/;

describe("the kubernetes workload", () => {
  it("is in the table of workloads, and says what it does", () => {
    expect(workloadKinds).to.include(kubernetes);
    expect(kubernetes.bind({}).title).to.equal("kubernetes: closed loop, 10 clients of all members, about 50 objects of 2 resources in 2 namespaces, 10 create : 60 update : 12 delete : 10 get : 8 list");
    expect(kubernetes.bind({ resources: 1, namespaces: 1, mix: { update: 1 } }).title).to.match(/of 1 resource in 1 namespace, 1 update$/);
  });

  for (const [what, options] of Object.entries({ "a mix of nothing": { mix: {} }, "an unknown operation": { mix: { patch: 1 } }, "a single object": { objects: 1 }, "pages of nothing": { page: 0 }, "values that are not unique": { "value-bytes": 8 } })) {
    it(`refuses ${what}`, () => {
      expect(() => kubernetes.bind(options)).to.throw(z.ZodError);
    });
  }

  it("creates an object if there is none of its name, and asks nothing else", () => {
    const creations = txns(simulated()).filter(({ failure }) => failure.length === 0);
    expect(creations.length).to.be.greaterThan(20);
    for (const { compares, success } of creations) {
      const [put] = success;
      expect(put?.op).to.equal("put");
      expect(put?.key).to.match(objectKey);
      expect(compares).to.deep.equal([{ key: put?.key, target: "mod", is: "=", to: 0 }]);
    }
  });

  it("updates and deletes by the revision that it knows, and gets the object otherwise", () => {
    const changes = txns(simulated()).filter(({ failure }) => failure.length > 0);
    for (const { compares: [compare, ...more], success: [change], failure } of changes) {
      expect(more).to.deep.equal([]);
      expect(compare).to.include({ key: change?.key, target: "mod", is: "=" });
      expect(compare?.to).to.be.greaterThan(1);
      expect(failure).to.deep.equal([{ op: "get", key: change?.key }]);
    }
    expect(new Set(changes.map(({ success: [change] }) => change?.op))).to.deep.equal(new Set(["put", "delete"]));
    expect(changes.some(({ succeeded }) => succeeded === true) && changes.some(({ succeeded }) => succeeded === false)).to.equal(true);
  });

  it("reads an object that it could not create", () => {
    const requests = answeredRequests(kubernetes.bind({}), 4, ({ op }) => (op === "txn" ? { succeeded: false, responses: [], revision: 9 } : { value: null, revision: 9 }));
    expect(requests.map(({ op }) => op)).to.deep.equal(["txn", "get", "txn", "get"]);
    expect(keyOf(requests[1])).to.equal(keyOf(requests[0]));
  });

  it("lists a resource page by page, of the revision of the first page", () => {
    const history = simulated({}, 3);
    const pages = history.filter(isKind("range")).filter(({ final, outcome }) => final !== true && outcome === "ok");
    const following = pages.filter(({ atRevision }) => atRevision !== undefined);
    expect(following.length).to.be.greaterThan(10);
    for (const page of pages) {
      const own = history.filter(({ client }) => client === page.client);
      const before = own[own.indexOf(page) - 1];
      const isFirst = page.atRevision === undefined;
      if (isFirst) expect(page).to.include({ limit: 4 }).and.satisfy(({ key, end }: typeof page) => /^\/registry\/(pods|configmaps)\/$/.test(key) && end === key.replace(/\/$/, "0"));
      else expect(before).to.deep.include({ op: "range", end: page.end, outcome: "ok" }).and.satisfy((each: typeof page) => (each.atRevision ?? each.revision) === page.atRevision && `${each.kvs?.at(-1)?.key}\0` === page.key);
      const after = own[own.indexOf(page) + 1];
      if (after !== undefined && after.final !== true) expect((page.count ?? 0) > (page.kvs?.length ?? 0), "goes on while there is more").to.equal(after.op === "range" && after.atRevision !== undefined);
    }
  });

  it("begins the list anew where a page is refused or not answered", () => {
    for (const outcome of ["fail", "info"]) {
      const kv = { key: "/registry/pods/ns-0/o0", value: "v", modRevision: 3, createRevision: 3, version: 1 };
      const requests = answeredRequests(kubernetes.bind({ resources: 1, mix: { list: 1 } }), 3, (_, index) => (index === 1 ? { outcome } : { kvs: [kv], count: 5, revision: 9 }));
      expect(requests.map((each) => each.op === "range" && each.atRevision), outcome).to.deep.equal([undefined, 9, undefined]);
    }
  });

  it("keeps about as many objects as it is told", () => {
    for (const objects of [6, 30]) {
      const reads = simulated({ objects, mix: { create: 5, delete: 5, update: 5 } }, 2, 1_500).filter(isKind("range")).filter(({ final }) => final === true);
      expect(reads.map(({ kvs }) => kvs?.length ?? 0).every((many) => many >= objects / 2 - 2 && many <= objects * 1.5 + 12), `${objects} objects, ${reads.map(({ kvs }) => kvs?.length).join()}`).to.equal(true);
    }
  });

  it("writes each value once, and comes back to names that were deleted", () => {
    const done = txns(simulated({ objects: 6 }, 1, 1_500)).filter(({ outcome }) => outcome === "ok");
    const puts = done.flatMap(({ success }) => success.flatMap((part) => (part.op === "put" ? [part.value] : [])));
    expect(new Set(puts).size).to.equal(puts.length);
    expect(puts.every((value) => value.length === 256)).to.equal(true);
    const created = done.filter(({ failure, succeeded }) => failure.length === 0 && succeeded === true).map(({ success: [put] }) => put?.key);
    expect(new Set(created).size).to.be.lessThan(created.length);
  });

  it("asks the same for the same seed and the same answers", () => {
    expect(simulated()).to.deep.equal(simulated());
    expect(simulated()).to.not.deep.equal(simulated({}, 2));
  });

  it("makes histories that are strictly serializable, unless a guard is not kept or a page is of another revision", () => {
    let [unguarded, torn] = [0, 0];
    for (let seed = 1; seed <= 8; seed += 1) {
      const history = simulated({ objects: 10, page: 2 }, seed, 300);
      expect(checkStrictSerializable(history).kind, `seed ${seed}`).to.equal("ok");
      expect(checkNoLostWrites(history).kind, `seed ${seed}`).to.equal("ok");
      for (const broken of guardsNotKept(history).slice(0, 3)) {
        unguarded += 1;
        expect(checkStrictSerializable(broken).kind, `seed ${seed}`).to.equal("violated");
      }
      for (const broken of pagesOfThePresent(history).slice(0, 3)) {
        torn += 1;
        expect(checkStrictSerializable(broken).kind, `seed ${seed}`).to.equal("violated");
      }
    }
    expect(unguarded).to.be.greaterThan(10);
    expect(torn).to.be.greaterThan(5);
  });
});

function keyOf(request: Request | undefined): string | undefined {
  return request?.op === "txn" ? request.compares[0]?.key : request?.op === "get" ? request.key : undefined;
}

/** The same history, where an update goes by a revision that was over. */
function guardsNotKept(history: readonly Operation[]): Operation[][] {
  return txns(history).flatMap((txn) => {
    const [compare] = txn.compares;
    if (txn.succeeded !== true || compare?.target !== "mod" || compare.to < 3) return [];
    return [history.map((each) => (each === txn ? { ...txn, compares: [{ ...compare, to: compare.to - 1 }] } : each))];
  });
}

/** The same history, where a later page of a list shows an object as it was only afterwards. */
function pagesOfThePresent(history: readonly Operation[]): Operation[][] {
  return history.filter(isKind("range")).flatMap((page) => {
    const [kv, ...others] = page.kvs ?? [];
    const later = txns(history).find(({ succeeded, success: [part], revision = 0 }) => succeeded === true && part?.op === "put" && part.key === kv?.key && revision > (page.atRevision ?? Infinity));
    if (kv === undefined || later === undefined || later.success[0]?.op !== "put") return [];
    const changed = { ...kv, value: later.success[0].value, modRevision: later.revision ?? 0, version: kv.version + 1 };
    return [history.map((each) => (each === page ? { ...page, kvs: [changed, ...others] } : each))];
  });
}
