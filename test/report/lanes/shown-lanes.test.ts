import { expect } from "chai";
import type { Counterexample, ShownOperation } from "../../../src/check/counterexample.ts";
import { shownLanes } from "../../../src/report/lanes/shown-lanes.ts";

/** Operations 1 to 100, ten of each process. */
function hundred(more: Partial<Counterexample> = {}): Counterexample {
  const operations = Array.from({ length: 100 }, (_, index): ShownOperation => ({
    name: String(index + 1), lane: `process ${Math.floor(index / 10)}`, client: index % 2, member: `etcd-${Math.floor(index / 10)}`, label: "get k", what: "get k", outcome: "ok", invoke: index, return: index + 1,
  }));
  return { rule: "stale read", sentence: "it is stale", clock: "run", operations, illegal: "50", legal: "3", ...more };
}

const namesOf = (counterexample: Counterexample, most: number): string[] => shownLanes(counterexample, most).operations.map(({ name }) => name);

describe("the lanes that are shown", () => {
  it("are all where there is room, in the order in which they begin", () => {
    const { lanes, left } = shownLanes(hundred(), 100);
    expect([lanes.length, left]).to.deep.equal([10, 0]);
    expect(lanes.map(({ name }) => name)).to.deep.equal(Array.from({ length: 10 }, (_, index) => `process ${index}`));
  });

  it("keep the illegal and the legal operation, and those nearest before the illegal one", () => {
    expect(namesOf(hundred(), 5)).to.deep.equal(["3", "47", "48", "49", "50"]);
    expect(shownLanes(hundred(), 5).left).to.equal(95);
    expect(namesOf(hundred(), 1)).to.deep.equal(["50"]);
  });

  it("keep what is on a ring, and who holds what", () => {
    const order = [{ from: "90", to: "8", kind: "rw", why: "" }, { from: "8", to: "90", kind: "ww", why: "" }];
    expect(namesOf(hundred({ order }), 5)).to.deep.equal(["3", "8", "49", "50", "90"]);
    expect(namesOf(hundred({ lasting: [{ by: "70", from: 1, to: 2, what: "holds l0" }] }), 4)).to.deep.equal(["3", "49", "50", "70"]);
  });

  it("say of a lane what is the same of all its operations", () => {
    expect(shownLanes(hundred(), 100).lanes[4]?.under).to.equal("etcd-4");
    expect(shownLanes(hundred(), 3).lanes.map(({ under }) => under)).to.deep.equal(["client 0, etcd-0", "etcd-4"]);
  });
});
