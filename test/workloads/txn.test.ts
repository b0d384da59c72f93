import { expect } from "chai";
import { z } from "zod";
import { checkStrictSerializable } from "../../src/check/strict-serializable.ts";
import { isKind, type Operation, type OperationOf } from "../../src/recording/operation.ts";
import type { TxnPartAnswer } from "../../src/recording/operations/txn.ts";
import { workloadKinds } from "../../src/workloads/index.ts";
import { txn } from "../../src/workloads/txn.ts";
import { simulatedLoad } from "../check/simulated-load.ts";

const simulated = (options: object, seed = 1): Operation[] => simulatedLoad(txn.bind(options), seed, { operations: 400 });
const txns = (history: readonly Operation[]): OperationOf<"txn">[] => history.filter(isKind("txn"));
const values = (responses: readonly TxnPartAnswer[] = []): (string | null)[] => responses.flatMap((answer) => (answer.op === "get" ? [answer.value] : []));

describe("the txn workload", () => {
  it("is in the table of workloads, and says what it does", () => {
    expect(workloadKinds.map(({ kind }) => kind)).to.include("txn");
    expect(txn.bind({ groups: 1, keys: 2, reads: 0.9 }).title).to.equal("txn: closed loop, 10 clients of all members, 1 group of 2 keys, 90 % reads");
  });

  for (const [what, options] of Object.entries({ "groups of nothing": { keys: 0 }, "no group": { groups: 0 }, "a share of reads above 1": { reads: 2 }, "more parts than etcd takes in one transaction": { keys: 200 } })) {
    it(`refuses ${what}`, () => {
      expect(() => txn.bind(options)).to.throw(z.ZodError);
    });
  }

  it("writes a group with one value, which no other write has, if nobody else has written it", () => {
    const writes = txns(simulated({ groups: 2 })).filter(({ compares }) => compares.length > 0);
    const written = writes.map(({ success }) => success.map((part) => (part.op === "put" ? part.value : "")));
    expect(written.every((all) => all.length === 3 && new Set(all).size === 1)).to.equal(true);
    expect(new Set(written.map(([value]) => value)).size).to.equal(writes.length);
    for (const { compares, success, failure } of writes) {
      const keys = success.map(({ key }) => key);
      expect(compares.map(({ key, target, is }) => [key, target, is])).to.deep.equal(keys.map((key) => [key, "mod", "="]));
      expect(failure).to.deep.equal(keys.map((key) => ({ op: "get", key })));
    }
    expect(writes.some(({ succeeded }) => succeeded === true) && writes.some(({ succeeded }) => succeeded === false)).to.equal(true);
  });

  it("reads a group with one value", () => {
    const read = txns(simulated({})).map(({ responses }) => values(responses)).filter(({ length }) => length > 0);
    expect(read.length).to.be.greaterThan(100);
    expect(read.every((all) => all.length === 3 && new Set(all).size === 1)).to.equal(true);
  });

  it("writes the same group again as long as somebody else was faster", () => {
    const all = txns(simulated({ groups: 3 })).filter(({ client }) => client === 0);
    for (const [index, { succeeded, success }] of all.entries()) {
      if (succeeded === false && all[index + 1] !== undefined) expect(all[index + 1]?.success.map(({ key }) => key)).to.deep.equal(success.map(({ key }) => key));
    }
  });

  it("makes histories that are strictly serializable, unless a group is torn", () => {
    let torn = 0;
    for (let seed = 1; seed <= 20; seed += 1) {
      const history = simulated({ groups: 2 }, seed);
      expect(checkStrictSerializable(history).kind).to.equal("ok");
      for (const broken of tornOnce(history)) {
        torn += 1;
        expect(checkStrictSerializable(broken).kind, `seed ${seed}`).to.equal("violated");
      }
    }
    expect(torn).to.be.greaterThan(20);
  });
});

/** The same history, where one key of a group is read as it was before the group's last change: for each of some reads. */
function tornOnce(history: readonly Operation[]): Operation[][] {
  const reads = txns(history).filter(({ responses = [] }) => responses.every((answer) => answer.op === "get" && answer.value !== null));
  return reads.slice(0, 40).flatMap((read) => {
    const [{ key } = { key: "" }] = read.succeeded === true ? read.success : read.failure;
    const now = read.responses?.[0];
    const before = txns(history).flatMap(({ succeeded, success, failure, responses = [] }) => responses.filter((_, index) => (succeeded === true ? success : failure)[index]?.key === key))
      .find((answer) => answer.op === "get" && now?.op === "get" && answer.value !== null && (answer.modRevision ?? 0) < (now.modRevision ?? 0));
    return before === undefined ? [] : [history.map((each) => (each === read ? { ...read, responses: [before, ...(read.responses ?? []).slice(1)] } : each))];
  });
}
