import { expect } from "chai";
import { expectedMs, fits } from "../../src/nightly/time.ts";

describe("the time of a nightly", () => {
  it("is that of the timeline and 15 s beside it, until runs have shown what it is", () => {
    expect(expectedMs(20_000, [])).to.equal(35_000);
    expect(expectedMs(20_000, [3_000, 8_000, 4_000])).to.equal(28_000);
  });

  it("takes what ends at the limit, and nothing that ends after it", () => {
    expect(fits(10_000, 50_000, 60_000)).to.equal(true);
    expect(fits(10_001, 50_000, 60_000)).to.equal(false);
    expect(fits(1e12, 1e12, undefined)).to.equal(true);
  });
});
