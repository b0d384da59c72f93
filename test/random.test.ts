import { expect } from "chai";
import fc from "fast-check";
import { seededRandom } from "../src/random.ts";

describe("randomness from a seed", () => {
  const stream = (seed: number, label: string): number[] => {
    const random = seededRandom(seed, label);
    return Array.from({ length: 20 }, () => random.int(0, 1_000_000));
  };

  it("is the same for the same seed and label", () => {
    fc.assert(
      fc.property(fc.integer(), fc.string(), (seed, label) => {
        expect(stream(seed, label)).to.deep.equal(stream(seed, label));
      }),
    );
  });

  it("is another for another seed or label, also for neighbours", () => {
    fc.assert(
      fc.property(fc.nat(1_000_000), fc.string(), (seed, label) => {
        expect(stream(seed, label)).to.not.deep.equal(stream(seed + 1, label));
        expect(stream(seed, label)).to.not.deep.equal(stream(seed, `${label}1`));
      }),
    );
  });

  it("gives whole numbers within the bounds, and floats in [0, 1)", () => {
    fc.assert(
      fc.property(fc.integer(), fc.integer({ min: -1000, max: 1000 }), fc.nat(1000), (seed, min, span) => {
        const random = seededRandom(seed, "bounds");
        expect(random.int(min, min + span)).to.be.within(min, min + span);
        expect(random.float()).to.be.at.least(0).and.below(1);
      }),
    );
  });

  it("picks every item of a list in the long run, and refuses an empty one", () => {
    const random = seededRandom(1, "pick");
    expect(new Set(Array.from({ length: 200 }, () => random.pick(["a", "b", "c"])))).to.have.length(3);
    expect(() => random.pick([])).to.throw(RangeError);
  });
});
