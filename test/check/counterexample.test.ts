import { expect } from "chai";
import { checkAppend } from "../../src/check/append.ts";
import { counterexampleOfRun } from "../../src/check/counterexample.ts";
import { checkStrictSerializable } from "../../src/check/strict-serializable.ts";
import { planted } from "../report/planted.ts";
import { written } from "./append/written.ts";
import { once, operation } from "./sketch.ts";

describe("a counterexample", () => {
  for (const [name, made] of Object.entries(planted)) {
    it(`of ${name} tells its operations in order, and means them by names that they have`, () => {
      const { operations, illegal, legal = illegal, order = [], lasting = [], rule, sentence } = made();
      const names = operations.map((each) => each.name);
      expect(new Set(names).size).to.equal(names.length);
      expect(names).to.include.members([illegal, legal, ...order.flatMap(({ from, to }) => [from, to]), ...lasting.map(({ by }) => by)]);
      expect(operations.map(({ invoke }) => invoke)).to.deep.equal(operations.map(({ invoke }) => invoke).sort((a, b) => a - b));
      for (const { label, what, lane, outcome, invoke, return: returned } of operations) {
        expect([label, what, lane].every((text) => text !== "")).to.equal(true);
        expect(lane).to.match(outcome === "told" ? /^(?:watcher \d+|etcd-\d)$/ : /^process \d+$/);
        expect(returned ?? Infinity).to.be.at.least(invoke);
      }
      expect([rule, sentence].every((text) => text !== "")).to.equal(true);
    });
  }

  it("keeps each operation of a run as it stands in the recording", () => {
    const history = [operation(0, [0, 10], { op: "put", key: "k", value: "a", revision: 2 }), operation(1, [40, 50], { op: "get", key: "k", revision: 5, value: null })];
    const finding = checkStrictSerializable(history);
    if (finding.kind !== "violated") throw new Error("nothing is violated");
    const { operations, illegal, legal, clock } = counterexampleOfRun(finding, (each) => ("op" in each ? history.indexOf(each) + 1 : undefined));
    expect(operations.map(({ recorded }) => recorded)).to.deep.equal(history);
    expect(operations.map(({ line }) => line)).to.deep.equal([1, 2]);
    expect({ illegal, legal, clock }).to.deep.equal({ illegal: "2", legal: "1", clock: "run" });
  });

  it("calls no operation legal that had failed", () => {
    const history = [operation(0, [0, 10], { op: "put", key: "k", value: "a", outcome: "fail" }), operation(1, [40, 50], { op: "get", key: "k", revision: 5, ...once("a", 2) })];
    const finding = checkStrictSerializable(history);
    if (finding.kind !== "violated") throw new Error("nothing is violated");
    expect(finding.legal).to.equal(history[0]);
    expect(counterexampleOfRun(finding)).to.not.have.property("legal");
  });

  it("names transactions of a ring as the sentence does, each before the next and the last before the first", () => {
    const finding = checkAppend(written({ at: [0, 10], puts: { y: "3" } }, { at: [5, 30], reads: { y: "" }, puts: { x: "1" } }, { at: [20, 30], reads: { x: "" } }));
    if (finding.kind !== "violated") throw new Error("nothing is violated");
    const { order = [], sentence, operations } = counterexampleOfRun(finding);
    expect(operations.map(({ name, label }) => `${name} ${label}`)).to.deep.equal(["T1 append 3 to y @2", "T3 append 1 to x and read y @3", "T2 read x @4"]);
    expect(order.map(({ from }) => from)).to.deep.equal(["T1", "T2", "T3"]);
    expect(order.map(({ to }) => to)).to.deep.equal(["T2", "T3", "T1"]);
    for (const { from, kind, why } of order) expect(sentence).to.include(`${from} ${why} (${kind})`);
  });

  it("tells how long two clients hold a lock for sure", () => {
    const { lasting = [] } = planted["two holders"]?.() ?? {};
    const [first, second] = lasting;
    if (first === undefined || second === undefined) throw new Error("nobody holds it");
    expect(Math.min(first.to, second.to)).to.be.above(Math.max(first.from, second.from));
    expect(lasting.map(({ what }) => what)).to.deep.equal(["holds l0 with token 50 for sure", "holds l0 with token 53 for sure"]);
  });
});
