import { expect } from "chai";
import { stepSummary, type SummaryPart } from "../../../src/report/github/step-summary.ts";

const part = (outcome: SummaryPart["outcome"], markdown: string): SummaryPart => ({ outcome, markdown });

describe("the summary of a step", () => {
  it("has runs that failed first, then those that could not tell", () => {
    expect(stepSummary([part("pass", "one"), part("inconclusive", "two"), part("fail", "three")])).to.equal("three\ntwo\none");
  });

  it("never goes beyond what GitHub shows, and says how many runs it leaves out", () => {
    const text = stepSummary([part("pass", "p".repeat(400_000)), part("pass", "é".repeat(300_000)), part("fail", "f".repeat(500_000))]);
    expect(Buffer.byteLength(text)).to.be.below(1_000_000);
    expect(text.startsWith("ff")).to.equal(true);
    expect(text).to.include("1 more summary would not fit here");
  });

  it("says so where not one fits", () => {
    expect(stepSummary([part("fail", "x".repeat(2_000_000))])).to.match(/^1 more summary would not fit/);
  });
});
