import { expect } from "chai";
import { groupOf, guaranteeOf, shapeOf, type Violation } from "../../src/explore/violation.ts";

function violation(rule: string, labels: readonly string[], illegal = labels.length): Violation {
  const operations = labels.map((label, index) => ({ name: String(index + 1), label, outcome: label.startsWith("?") ? "info" : "ok" }));
  return { kind: "watch", title: "watches", reason: rule, witness: { rule, sentence: rule, illegal: String(illegal), operations } };
}

describe("findings", () => {
  it("are named after the guarantee that is broken", () => {
    expect(guaranteeOf(violation("reliable", ["told put k=1 @4"]))).to.equal("watch/reliable");
    expect(guaranteeOf({ kind: "hash-kv", title: "stores", reason: "they differ" })).to.equal("hash-kv");
  });

  it("are one where the same operations break the same guarantee, whatever their keys, values and revisions", () => {
    const one = violation("bookmarkable", ["watch k… from @2", "progress @40", "put k7=3-12 @38", "told put k7=3-12 @38"]);
    const other = violation("bookmarkable", ["watch t… from @9", "delete t1 @97", "progress @99", "progress @103", "told delete t1 @97"]);
    expect(shapeOf(one)).to.equal("told after progress, watch, write");
    expect(groupOf(one)).to.equal(groupOf(other));
  });

  it("are others where another guarantee is broken, or other operations break it", () => {
    const one = violation("reliable", ["put k=1 @4", "told put k=2 @5"]);
    expect(groupOf(one)).to.not.equal(groupOf(violation("ordered", ["put k=1 @4", "told put k=2 @5"])));
    expect(groupOf(one)).to.not.equal(groupOf(violation("reliable", ["compact @4", "put k=1 @4", "told put k=2 @5"])));
    expect(groupOf(one)).to.not.equal(groupOf(violation("reliable", ["put k=1 @4", "told put k=2 @5"], 1)));
  });
});
