import { expect } from "chai";
import fc from "fast-check";
import { recordedValue } from "../../src/workloads/recorded-value.ts";

describe("a value in the history", () => {
  it("stands as it is when it is short", () => {
    expect(recordedValue("3-17............")).to.equal("3-17............");
  });

  it("is told by beginning, size and hash when it is long", () => {
    expect(recordedValue("3-17".padEnd(4_096, "."))).to.match(/^3-17\.{20}… 4096 characters, sha256 [0-9a-f]{16}$/);
  });

  it("is equal to another only when the values are", () => {
    const text = fc.string({ minLength: 50, maxLength: 90 });
    fc.assert(
      fc.property(text, text, (a, b) => {
        expect(recordedValue(a) === recordedValue(b)).to.equal(a === b);
      }),
    );
    const long = "x".repeat(10_000);
    expect(recordedValue(`${long}a`)).to.not.equal(recordedValue(`${long}b`));
  });
});
