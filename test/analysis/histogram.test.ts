import { expect } from "chai";
import fc from "fast-check";

import { bucketBound, histogramQuantile, mergeBuckets, type Bucket } from "../../src/analysis/histogram.ts";

const bounds = [0.001, 0.002, 0.004, 0.008, Infinity];
/** Cumulative buckets of values, as a histogram counts them. */
const bucketsOf = (values: readonly number[]): Bucket[] => bounds.map((le) => ({ le, count: values.filter((value) => value <= le).length }));
const values = fc.array(fc.double({ min: 0, max: 0.02, noNaN: true }), { minLength: 1, maxLength: 60 });
const ratio = fc.double({ min: 0, max: 1, noNaN: true });

describe("the quantile of a histogram", () => {
  it("interpolates within a bucket as Prometheus does", () => {
    const buckets = [{ le: 1, count: 10 }, { le: 2, count: 30 }, { le: Infinity, count: 40 }];
    expect(histogramQuantile(buckets, 0.5)).to.deep.include({ value: 1.5, isLowerBound: false, aboveLe: 1, le: 2, total: 40 });
    expect(histogramQuantile(buckets, 0.125)).to.deep.include({ value: 0.5, aboveLe: 0, le: 1 });
  });

  it("is the highest finite bound, marked as a lower bound, where it falls beyond it", () => {
    expect(histogramQuantile([{ le: 1, count: 1 }, { le: Infinity, count: 40 }], 0.99)).to.deep.include({ value: 1, isLowerBound: true, le: Infinity });
  });

  it("is undefined where nothing was counted", () => {
    expect(histogramQuantile([], 0.99)).to.equal(undefined);
    expect(histogramQuantile(bucketsOf([]), 0.99)).to.equal(undefined);
  });

  it("skips empty buckets at both ends", () => {
    const buckets = bucketsOf([0.003, 0.0035]);
    expect(histogramQuantile(buckets, 0)?.value).to.be.closeTo(0.002, 1e-12);
    expect(histogramQuantile(buckets, 1)?.value).to.be.closeTo(0.004, 1e-12);
  });

  it("raises a count that is below that of a smaller bound", () => {
    expect(histogramQuantile([{ le: 1, count: 5 }, { le: 2, count: 4 }, { le: Infinity, count: 5 }], 1)).to.deep.include({ value: 1, total: 5 });
  });

  it("lies in the bucket of the value that has that rank", () => {
    fc.assert(
      fc.property(values, ratio, (given, q) => {
        const sorted = [...given].sort((a, b) => a - b);
        const exact = sorted[Math.max(0, Math.ceil(q * sorted.length) - 1)] ?? NaN;
        const found = histogramQuantile(bucketsOf(given), q);
        const le = bounds.find((bound) => exact <= bound);
        expect(found?.le).to.equal(le);
        expect(found?.isLowerBound).to.equal(le === Infinity);
      }),
    );
  });

  it("never falls as the quantile rises, and does not depend on the buckets' order", () => {
    fc.assert(
      fc.property(values, ratio, ratio, (given, p, q) => {
        const buckets = bucketsOf(given);
        const at = (quantile: number) => histogramQuantile(buckets, quantile)?.value ?? NaN;
        expect(at(Math.max(p, q))).to.be.at.least(at(Math.min(p, q)));
        expect(histogramQuantile([...buckets].reverse(), q)).to.deep.equal(histogramQuantile(buckets, q));
      }),
    );
  });

  it("of merged histograms is that of all their values", () => {
    fc.assert(
      fc.property(values, values, ratio, (one, other, q) => {
        expect(histogramQuantile(mergeBuckets([...bucketsOf(one), ...bucketsOf(other)]), q)).to.deep.equal(histogramQuantile(bucketsOf([...one, ...other]), q));
      }),
    );
  });

  it("reads bounds from labels", () => {
    expect(["+Inf", "0.001", "1e-3", "5"].map(bucketBound)).to.deep.equal([Infinity, 0.001, 0.001, 5]);
    expect([undefined, "", "x"].map(bucketBound)).to.deep.equal([undefined, undefined, undefined]);
  });
});
