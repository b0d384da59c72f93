import { expect } from "chai";
import fc from "fast-check";
import { timeScale } from "../../../src/report/lanes/time-scale.ts";

describe("the scale of a counterexample's time", () => {
  it("is true where all moments can be told apart so", () => {
    const { isTrue, shortened, place } = timeScale([0, 10, 40, 100], 1_000, 20);
    expect([isTrue, shortened, [0, 10, 25, 40, 100].map(place)]).to.deep.equal([true, [], [0, 100, 250, 400, 1_000]]);
  });

  it("shortens a long gap, and says which, so that short operations beside it can be seen", () => {
    const { isTrue, shortened, place } = timeScale([0, 2, 5_000, 5_002], 900, 20);
    expect([isTrue, shortened]).to.deep.equal([false, [{ from: 2, to: 5_000 }]]);
    expect(place(2)).to.be.above(100);
    expect(place(5_002) - place(5_000)).to.be.above(100);
  });

  it("keeps the order of moments, all within its length, and never nearer than they can be told apart", () => {
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 0, max: 1e12 }), { minLength: 1, maxLength: 40 }), (times) => {
        const { moments, place } = timeScale(times, 960, 20);
        const places = moments.map(place);
        const apart = Math.min(20, (0.6 * 960) / Math.max(1, moments.length - 1));
        for (const [index, at] of places.entries()) {
          expect(at).to.be.within(0, 960.001);
          if (index > 0) expect(at - (places[index - 1] ?? 0)).to.be.at.least(apart - 0.001);
        }
      }),
    );
  });

  it("gives times between moments a place between theirs, and others that of the nearest end", () => {
    const { place } = timeScale([10, 20, 10_000], 100, 20);
    expect(place(15)).to.be.within(place(10), place(20));
    expect([place(-5), place(1e9)]).to.deep.equal([place(10), place(10_000)]);
    expect(timeScale([7], 100, 20).place(7)).to.equal(0);
  });
});
