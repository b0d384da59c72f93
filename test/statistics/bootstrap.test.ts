import { expect } from "chai";
import fc from "fast-check";
import { median } from "simple-statistics";
import { seededRandom } from "../../src/random.ts";
import { Blocks } from "../../src/statistics/blocks.ts";
import { bootstrap, percentileInterval } from "../../src/statistics/bootstrap.ts";

describe("the bootstrap", () => {
  it("gives an interval that holds the statistic and lies within the sample", () => {
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 0, max: 1_000 }), { minLength: 2, maxLength: 12 }), fc.nat(), (sample, seed) => {
        const value = median(sample);
        const { low, high } = percentileInterval(bootstrap(sample, median, seededRandom(seed, "x")), value) ?? { low: 1, high: 0 };
        expect(low).to.be.within(Math.min(...sample), value);
        expect(high).to.be.within(value, Math.max(...sample));
      }),
      { numRuns: 40 },
    );
  });

  it("gives the same for the same seed", () => {
    const draw = (): number[] => bootstrap([1, 5, 9, 12], median, seededRandom(3, "x"));
    expect(draw()).to.deep.equal(draw());
  });

  it("has no interval where nothing could be drawn", () => {
    expect(percentileInterval([], 3)).to.equal(undefined);
    expect(percentileInterval([NaN, Infinity], 3)).to.equal(undefined);
  });
});

describe("blocks of operations", () => {
  const span = { startMs: 0, endMs: 5_000 };
  const every10Ms = (valueAt: (index: number) => number) => Array.from({ length: 500 }, (_, index) => ({ atMs: index * 10, value: valueAt(index) }));

  it("draw only values that are there, and all of a block together", () => {
    const blocks = new Blocks(every10Ms((index) => Math.floor(index / 25)), span, 250);
    const random = seededRandom(1, "x");
    for (let turn = 0; turn < 50; turn += 1) expect(blocks.drawQuantile(0.5, random)).to.be.within(0, 19);
    expect(blocks.count).to.equal(20);
    expect(blocks.size).to.equal(500);
  });

  it("of equal values always have that value as every quantile and mean", () => {
    fc.assert(
      fc.property(fc.double({ min: 0, max: 1, noNaN: true }), fc.nat(), (q, seed) => {
        const blocks = new Blocks(every10Ms(() => 7), span, 250);
        const random = seededRandom(seed, "x");
        expect(blocks.drawQuantile(q, random)).to.equal(7);
        expect(blocks.drawMean(random)).to.be.closeTo(7, 1e-9);
      }),
      { numRuns: 30 },
    );
  });

  it("tell more noise where neighbours are alike than where they are not", () => {
    const random = seededRandom(5, "values");
    const alone = every10Ms(() => random.float());
    let level = 0;
    const alike = every10Ms((index) => (level = index % 25 === 0 ? random.float() : level));
    const spread = (values: typeof alone): number => {
      const blocks = new Blocks(values, span, 250);
      const drawn = Array.from({ length: 500 }, () => blocks.drawMean(random));
      const { low, high } = percentileInterval(drawn, drawn[0] ?? 0) ?? { low: 0, high: 0 };
      return high - low;
    };
    expect(spread(alike)).to.be.above(2 * spread(alone));
  });

  it("of nothing draw nothing", () => {
    const blocks = new Blocks([], span, 250);
    expect(blocks.drawQuantile(0.5, seededRandom(1, "x"))).to.be.NaN;
    expect(blocks.drawMean(seededRandom(1, "x"))).to.be.NaN;
  });
});
