import { expect } from "chai";
import fc from "fast-check";
import { seededRandom } from "../../src/random.ts";
import { fisherExact } from "../../src/statistics/fisher.ts";
import { holm } from "../../src/statistics/holm.ts";
import { rankSumTest } from "../../src/statistics/rank-sum.ts";
import { studentP } from "../../src/statistics/student-t.ts";
import { wilsonInterval } from "../../src/statistics/wilson.ts";

const values = fc.array(fc.integer({ min: 0, max: 30 }), { minLength: 1, maxLength: 8 });

describe("Wilson's interval", () => {
  it("is what the tables say", () => {
    const { low, high } = wilsonInterval(8, 10) ?? { low: 0, high: 0 };
    expect(low).to.be.closeTo(0.4902, 1e-4);
    expect(high).to.be.closeTo(0.9433, 1e-4);
  });

  it("of none and of all still knows that it is not certain", () => {
    expect(wilsonInterval(0, 10)).to.deep.include({ low: 0 });
    expect(wilsonInterval(0, 10)?.high).to.be.closeTo(0.2775, 1e-4);
    expect(wilsonInterval(10, 10)).to.deep.include({ high: 1 });
    expect(wilsonInterval(0, 0)).to.equal(undefined);
  });

  it("holds the share, within 0 and 1, and is narrower with more data", () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 500 }).chain((all) => fc.tuple(fc.nat(all), fc.constant(all))), ([hits, all]) => {
        const { low, high } = wilsonInterval(hits, all) ?? { low: 2, high: -1 };
        expect(low).to.be.within(0, hits / all);
        expect(high).to.be.within(hits / all, 1);
        const more = wilsonInterval(10 * hits, 10 * all) ?? { low: 0, high: 1 };
        expect(more.high - more.low).to.be.below(high - low);
      }),
    );
  });
});

describe("Fisher's exact test", () => {
  it("says of the lady tasting tea what he said", () => {
    expect(fisherExact({ hits: 3, all: 4 }, { hits: 1, all: 4 }).p).to.be.closeTo(34 / 70, 1e-9);
    expect(fisherExact({ hits: 4, all: 4 }, { hits: 0, all: 4 }).p).to.be.closeTo(2 / 70, 1e-9);
  });

  it("does not care which sample comes first, or which outcome is called a hit", () => {
    const sample = fc.integer({ min: 1, max: 40 }).chain((all) => fc.record({ hits: fc.nat(all), all: fc.constant(all) }));
    fc.assert(
      fc.property(sample, sample, (a, b) => {
        const { p, pMin } = fisherExact(a, b);
        expect(p).to.be.within(pMin, 1);
        expect(fisherExact(b, a).p).to.be.closeTo(p, 1e-9);
        expect(fisherExact({ ...a, hits: a.all - a.hits }, { ...b, hits: b.all - b.hits }).p).to.be.closeTo(p, 1e-9);
      }),
    );
  });

  it("finds nothing where the shares are the same", () => {
    fc.assert(fc.property(fc.nat(20), (hits) => void expect(fisherExact({ hits, all: 20 }, { hits, all: 20 }).p).to.be.closeTo(1, 1e-9)));
  });
});

describe("the rank-sum test", () => {
  it("gives one in all ways to deal, and its mirror image, where the samples lie apart", () => {
    expect(rankSumTest([1, 2, 3, 4], [5, 6, 7, 8])).to.deep.include({ larger: "b" });
    expect(rankSumTest([1, 2, 3, 4], [5, 6, 7, 8]).p).to.be.closeTo(2 / 70, 1e-12);
    expect(rankSumTest([1, 2, 3], [4, 5, 6]).p).to.be.closeTo(0.1, 1e-12);
  });

  it("counts ties as other programs do", () => {
    // Of the 20 ways to deal {1, 2, 2, 2, 3, 4}, those whose sum of ranks is as far from the middle as this one.
    const { p } = rankSumTest([1, 2, 2], [2, 3, 4]);
    expect(p).to.be.closeTo(bruteForceP([1, 2, 2], [2, 3, 4]), 1e-12);
  });

  it("agrees with counting all ways by hand", () => {
    fc.assert(fc.property(values, values, (a, b) => void expect(rankSumTest(a, b).p).to.be.closeTo(bruteForceP(a, b), 1e-9)), { numRuns: 60 });
  });

  it("is never sure of equal values, and says so beforehand", () => {
    expect(rankSumTest([3, 3, 3, 3, 3], [3, 3, 3, 3, 3])).to.deep.equal({ p: 1, pMin: 1, larger: "neither" });
    expect(rankSumTest([], [1, 2])).to.deep.equal({ p: 1, pMin: 1, larger: "neither" });
  });

  it("turns with its sides", () => {
    fc.assert(
      fc.property(values, values, (a, b) => {
        const [one, other] = [rankSumTest(a, b), rankSumTest(b, a)];
        expect(other.p).to.be.closeTo(one.p, 1e-9);
        expect({ a: "b", b: "a", neither: "neither" }[one.larger]).to.equal(other.larger);
      }),
    );
  });

  it("goes over from counting to the normal distribution without a step", () => {
    const random = seededRandom(7, "samples");
    const draw = (many: number, shift: number): number[] => Array.from({ length: many }, () => random.float() + shift);
    const [a, b] = [draw(30, 0), draw(30, 0.15)];
    const exact = rankSumTest(a, b).p;
    expect(rankSumTest([...a, 0.5], [...b, 0.65]).p).to.be.within(exact * 0.7, exact * 1.4);
  });
});

/** The rank-sum test by dealing the values in all ways. */
function bruteForceP(a: readonly number[], b: readonly number[]): number {
  const all = [...a, ...b];
  const rank = (value: number): number => all.filter((each) => each < value).length + (all.filter((each) => each === value).length + 1) / 2;
  const ranks = all.map(rank);
  const middle = (a.length * (all.length + 1)) / 2;
  const observed = Math.abs(a.reduce((sum, value) => sum + rank(value), 0) - middle);
  let [extreme, ways] = [0, 0];
  for (let set = 0; set < 2 ** all.length; set += 1) {
    const chosen = ranks.filter((_, index) => (set >> index) & 1);
    if (chosen.length !== a.length) continue;
    ways += 1;
    if (Math.abs(chosen.reduce((sum, value) => sum + value, 0) - middle) >= observed - 1e-9) extreme += 1;
  }
  return extreme / ways;
}

describe("Student's distribution", () => {
  it("is what the tables say, for odd and even degrees of freedom", () => {
    for (const [t, degrees] of [[12.7062, 1], [4.3027, 2], [3.1824, 3], [2.7764, 4], [2.5706, 5], [2.2281, 10], [2.0422, 30], [1.984, 100]] as const) {
      expect(studentP(t, degrees), `${degrees} degrees`).to.be.closeTo(0.05, 1e-5);
      expect(studentP(-t, degrees)).to.equal(studentP(t, degrees));
    }
    expect(studentP(5.5976, 4)).to.be.closeTo(0.005, 1e-6);
  });

  it("is certain of nothing at zero, and of a difference beyond all noise", () => {
    expect(studentP(0, 7)).to.equal(1);
    expect(studentP(Infinity, 7)).to.equal(0);
    expect(studentP(1e9, 8)).to.be.within(0, 1e-9);
  });
});

describe("Holm's correction", () => {
  it("multiplies the smallest by all, the next by one less, and never falls", () => {
    expect(holm([0.04, 0.01, 0.03])).to.deep.equal([0.06, 0.03, 0.06]);
    expect(holm([])).to.deep.equal([]);
  });

  it("never makes a p smaller, keeps their order and stays below one", () => {
    fc.assert(
      fc.property(fc.array(fc.double({ min: 0, max: 1, noNaN: true })), (ps) => {
        const adjusted = holm(ps);
        for (const [index, p] of ps.entries()) expect(adjusted[index]).to.be.within(p, 1);
        const order = ps.map((p, index) => [p, adjusted[index] ?? 0] as const).sort(([one], [other]) => one - other);
        for (const [index, [, value]] of order.entries()) expect(value).to.be.at.least(order[index - 1]?.[1] ?? 0);
      }),
    );
  });
});
