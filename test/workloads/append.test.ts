import { expect } from "chai";
import { z } from "zod";
import { elementsOf, listText } from "../../src/recording/list-value.ts";
import { decodeOperation } from "../../src/recording/decode.ts";
import { isKind, type Operation, type OperationOf } from "../../src/recording/operation.ts";
import type { TxnPart } from "../../src/recording/operations/txn.ts";
import { append } from "../../src/workloads/append.ts";
import { workloadKinds } from "../../src/workloads/index.ts";
import { recorded } from "../../src/workloads/recorded-value.ts";
import { simulatedLoad } from "../check/simulated-load.ts";

const simulated = (options: object, operations = 600, seed = 1): Operation[] => simulatedLoad(append.bind(options), seed, { operations });
const txns = (history: readonly Operation[]): OperationOf<"txn">[] => history.filter(isKind("txn"));
const putsOf = ({ success }: OperationOf<"txn">): Extract<TxnPart, { op: "put" }>[] => success.filter((part) => part.op === "put");

describe("the append workload", () => {
  it("is in the table of workloads, and says what it does", () => {
    expect(workloadKinds.map(({ kind }) => kind)).to.include("append");
    expect(append.bind({ rate: 100, clients: 3, lists: 1, endpoints: "etcd-2" }).title).to.equal("append: 100 operations/s, 3 clients of etcd-2, 1 list of 8, 1 to 4 parts, 50 % reads");
  });

  for (const [what, options] of Object.entries({
    "lists that the history would shorten": { length: 9 },
    "lists of nothing": { length: 0 },
    "transactions of nothing": { parts: 0 },
    "a share of reads above 1": { reads: 50 },
    "an option of another workload": { "value-bytes": 16 },
    "a time to think beside a rate": { rate: 5, "think-time": "1s" },
  })) {
    it(`refuses ${what}`, () => {
      expect(() => append.bind(options)).to.throw(z.ZodError);
    });
  }

  it("guards each list that it appends to, and reads all of its lists where somebody was faster", () => {
    const all = txns(simulated({ lists: 3 }));
    for (const txn of all) {
      expect(txn.compares.map(({ key, target, is }) => [key, target, is])).to.deep.equal(putsOf(txn).map(({ key }) => [key, "mod", "="]));
      expect(txn.failure.map(({ op, key }) => [op, key])).to.deep.equal(txn.compares.length === 0 ? [] : txn.success.map(({ key }) => ["get", key]));
    }
    expect(all.some(({ succeeded, compares }) => succeeded === true && compares.length > 1)).to.equal(true);
    expect(all.some(({ succeeded }) => succeeded === false)).to.equal(true);
  });

  it("tries again what was not done, with what it read meanwhile, and nothing of unknown outcome", () => {
    const all = txns(simulated({ lists: 3, clients: 4 })).filter(({ client }) => client === 0);
    for (const [index, txn] of all.entries()) {
      const next = all[index + 1];
      if (txn.succeeded !== false || next === undefined) continue;
      // A list that got full meanwhile was replaced by the next one at its place.
      const places = (each: typeof txn): string[] => each.success.map(({ key }) => key.replace(/-.*/, ""));
      expect(places(next)).to.deep.equal(places(txn));
      expect(putsOf(next).map(({ value }) => value)).to.not.include.members(putsOf(txn).map(({ value }) => value));
    }
  });

  it("appends each element once, to one list", () => {
    const added = txns(simulated({ clients: 5, lists: 4 })).flatMap((txn) => putsOf(txn).map(({ key, value }) => `${key} ${String(elementsOf(value).at(-1))}`));
    expect(added.length).to.be.greaterThan(100);
    expect(new Set(added.map((each) => each.split(" ")[1])).size).to.equal(added.length);
  });

  it("takes a new list when one is full", () => {
    const [last] = simulated({ lists: 2, length: 3 }).filter(isKind("range"));
    const lists = (last?.kvs ?? []).map(({ key, value }) => [key, elementsOf(value).length] as const);
    expect(lists.length).to.be.greaterThan(20);
    expect(lists.filter(([, length]) => length < 3).length, "only those in use are not full").to.be.at.most(2);
    expect(lists.every(([, length]) => length <= 3)).to.equal(true);
  });

  it("keeps lists short enough to stand in the history whole, also in the longest run", () => {
    const longest = listText(Array.from({ length: 8 }, (_, index) => (2_000_000_000 + index).toString(36)));
    const [sketch] = txns(simulated({}));
    if (sketch === undefined) throw new Error("nothing was asked");
    const operation: Operation = { ...sketch, success: [{ op: "put", key: "a0-0", value: longest }] };
    expect(recorded(operation)).to.deep.equal(operation);
  });

  it("asks for what a history can hold", () => {
    for (const operation of simulated({}, 200)) expect(decodeOperation(JSON.parse(JSON.stringify(operation)))).to.deep.equal(operation);
  });

  it("asks the same for the same seed and answers, and reads only where it is told to", () => {
    expect(simulated({}, 200, 3)).to.deep.equal(simulated({}, 200, 3));
    expect(simulated({}, 200, 3)).to.not.deep.equal(simulated({}, 200, 4));
    expect(txns(simulated({ reads: 1 }, 100)).every((txn) => putsOf(txn).length === 0)).to.equal(true);
    expect(txns(simulated({ reads: 0 }, 100)).every((txn) => putsOf(txn).length === txn.success.length)).to.equal(true);
  });
});
