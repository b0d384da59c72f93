import { expect } from "chai";
import fc from "fast-check";

import { boundsText, certain, checkBounds, contradiction, uncertain, type Bounds } from "../../assertions/bounds.ts";

const value = fc.integer({ min: -5, max: 5 });
const bounds: fc.Arbitrary<Bounds> = fc.oneof(
  ...(["above", "at-least", "below", "at-most", "equals"] as const).map((name) => value.map((bound) => ({ [name]: bound }))),
);

const severalBounds: fc.Arbitrary<Bounds> = fc.record({ above: value, "at-least": value, below: value, "at-most": value, equals: value }, { requiredKeys: [] });

describe("bounds", () => {
  it("hold or not where the value is certain", () => {
    expect(checkBounds(5, certain, { "at-least": 5, "at-most": 5, equals: 5 })).to.equal("pass");
    expect(checkBounds(5, certain, { above: 5 })).to.equal("fail");
    expect(checkBounds(5, certain, { below: 5 })).to.equal("fail");
    expect(checkBounds(5, certain, { "at-least": 1, below: 3 })).to.equal("fail");
    expect(checkBounds(4, certain, { equals: 5 })).to.equal("fail");
  });

  it("are open of a value that may be larger, except where that can change nothing", () => {
    const atLeastSeen = { notLess: true, notMore: false };
    expect(checkBounds(5, atLeastSeen, { "at-least": 5 })).to.equal("pass");
    expect(checkBounds(6, atLeastSeen, { "at-most": 5 })).to.equal("fail");
    expect(checkBounds(6, atLeastSeen, { equals: 5 })).to.equal("fail");
    expect(checkBounds(5, atLeastSeen, { "at-most": 5 })).to.equal("inconclusive");
    expect(checkBounds(4, atLeastSeen, { "at-least": 5 })).to.equal("inconclusive");
    expect(checkBounds(5, atLeastSeen, { equals: 5 })).to.equal("inconclusive");
  });

  it("never say of a value that may be larger what the true value would deny", () => {
    fc.assert(
      fc.property(value, fc.nat(5), bounds, (seen, unseen, asked) => {
        const said = checkBounds(seen, { notLess: true, notMore: false }, asked);
        if (said !== "inconclusive") expect(checkBounds(seen + unseen, certain, asked)).to.equal(said);
        const below = checkBounds(seen, { notLess: false, notMore: true }, asked);
        if (below !== "inconclusive") expect(checkBounds(seen - unseen, certain, asked)).to.equal(below);
        expect(checkBounds(seen, uncertain, asked)).to.equal("inconclusive");
        expect(checkBounds(seen, certain, asked)).to.not.equal("inconclusive");
      }),
    );
  });

  it("of nothing are inconclusive", () => {
    expect(checkBounds(5, certain, {})).to.equal("inconclusive");
  });

  it("that no value can be within are told as such, and only those", () => {
    expect(contradiction({ "at-least": 2, "at-most": 1 })).to.equal("nothing can be at least 2 and at most 1");
    expect(contradiction({ equals: 5, below: 5 })).to.equal("nothing can be below 5 and exactly 5");
    fc.assert(
      fc.property(value, severalBounds, (seen, asked) => {
        if (contradiction(asked) !== undefined) expect(checkBounds(seen, certain, asked)).to.not.equal("pass");
      }),
    );
    fc.assert(fc.property(value, (seen) => void expect(contradiction({ "at-least": seen, "at-most": seen, equals: seen })).to.equal(undefined)));
  });

  it("are said in words", () => {
    expect(boundsText({ "at-least": 1, below: 5 }, String)).to.equal("at least 1 and below 5");
    expect(boundsText({ equals: 0 }, String)).to.equal("exactly 0");
  });
});
