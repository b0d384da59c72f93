import { expect } from "chai";
import { recordedValue } from "../../src/workloads/recorded-value.ts";
import { valueText } from "../../src/recording/value-text.ts";

describe("a value in a sentence", () => {
  it("is without the dots that a workload filled it up with", () => {
    expect(valueText("3-12............")).to.equal("3-12…");
  });

  it("keeps size and hash of what was too long to be recorded whole", () => {
    expect(valueText(recordedValue("3-12".padEnd(4_000, ".")))).to.match(/^3-12… 4000 characters, sha256 [0-9a-f]{16}$/);
  });

  it("is itself where nothing was added", () => {
    for (const value of ["3-12", "[1,2]", "1..2", "...", ""]) expect(valueText(value)).to.equal(value);
    expect(valueText(null)).to.equal("null");
  });
});
