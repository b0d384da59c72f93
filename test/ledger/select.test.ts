import { expect } from "chai";
import { HarnessError } from "../../src/errors.ts";
import { isSelector, parseSelector } from "../../src/ledger/select.ts";
import { entries } from "./entries.ts";

const all = entries(12, (number) => ({ scenario: number % 2 === 0 ? "partition" : "mixed", etcd: { version: number < 6 ? "3.4.41" : "3.5.30" }, harness: { version: "0.1.0", commit: number < 3 ? "abc123abc123" : "def456def456" }, outcome: number === 4 ? "fail" : "pass" }));
const seeds = (selector: string): number[] => parseSelector(selector)(all).map(({ seed }) => seed);

describe("choosing runs from the history", () => {
  it("takes those for which all conditions hold", () => {
    expect(seeds("scenario=partition")).to.deep.equal([0, 2, 4, 6, 8, 10]);
    expect(seeds("scenario=partition,etcd=3.4,outcome=pass")).to.deep.equal([0, 2]);
    expect(seeds("seed=7")).to.deep.equal([7]);
    expect(seeds("runtime=docker")).to.deep.equal([]);
  });

  it("takes a version by its beginning, part for part, and a commit by any", () => {
    expect(seeds("etcd=3.5.30")).to.deep.equal(seeds("etcd=3.5")).and.have.length(6);
    expect(seeds("etcd=3.5.3")).to.deep.equal([]);
    expect(seeds("commit=abc1")).to.deep.equal([0, 1, 2]);
    expect(seeds("commit=abc123abc123ffff0000")).to.deep.equal([0, 1, 2]);
  });

  it("then takes the last or the first of them, in the order given", () => {
    expect(seeds("scenario=partition,@last-2")).to.deep.equal([8, 10]);
    expect(seeds("@first-3")).to.deep.equal([0, 1, 2]);
    expect(seeds("@last-6,@first-2")).to.deep.equal([6, 7]);
    expect(seeds("@last-100")).to.have.length(12);
  });

  it("takes runs from a day on, and before one", () => {
    expect(seeds("since=2026-01-01T00:10")).to.deep.equal([10, 11]);
    expect(seeds("before=2026-01-01T00:02")).to.deep.equal([0, 1]);
  });

  it("refuses what is no condition, and says which there are", () => {
    for (const wrong of ["colour=red", "etcd=", "@last", "@last-0", "@middle-3", "scenario=x,partition", "constructor=1,etcd=3"]) {
      expect(() => parseSelector(wrong), wrong).to.throw(HarnessError).with.property("code", "usage");
    }
    expect(() => parseSelector("colour=red")).to.throw().with.property("hint").that.includes("scenario=partition,etcd=3.5,@last-10");
  });

  it("is told apart from folders", () => {
    expect(["scenario=partition", "@last-3", "a/b,etcd=3"].map(isSelector)).to.deep.equal([true, true, true]);
    expect(["reports/partition", "reports/x=y/run", "a,b", "./etcd=3"].map(isSelector)).to.deep.equal([false, false, false, false]);
  });
});
