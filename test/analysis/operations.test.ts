import { expect } from "chai";
import fc from "fast-check";

import { isWrite, longestOutage, unavailability } from "../../src/analysis/availability.ts";
import { latencyBins, quantile } from "../../src/analysis/latency.ts";
import { throughput } from "../../src/analysis/throughput.ts";
import type { Operation } from "../../src/recording/operation.ts";
import type { TxnPart } from "../../src/recording/operations/txn.ts";
import { recording, type OperationSketch } from "../recordings/builder.ts";

const operationsOf = (sketches: readonly OperationSketch[]) => sketches.reduce((run, sketch) => run.operation(sketch), recording()).build().operations;
const spans = (sketches: readonly OperationSketch[], startMs: number, endMs: number) =>
  unavailability(operationsOf(sketches), { startMs, endMs }).map((outage) => [outage.startMs, outage.endMs, outage.attempted]);

describe("outages of writes", () => {
  it("last from an acknowledged write to the next, where others were attempted between", () => {
    expect(spans([{ atMs: 98 }, { atMs: 100, tookMs: 500, outcome: "info" }, { atMs: 200, outcome: "fail" }, { atMs: 1_298 }], 0, 2_000)).to.deep.include([100, 1_300, 3]);
  });

  it("hold for writes that all end well, but late", () => {
    expect(spans([{ atMs: 98 }, { atMs: 100, tookMs: 1_200 }, { atMs: 110, tookMs: 1_190 }], 0, 2_000)).to.deep.include([100, 1_300, 2]);
  });

  it("begin with the first attempt where none waited before: a time without attempts is none", () => {
    expect(spans([{ atMs: 98 }, { atMs: 5_000, tookMs: 10 }], 0, 9_000)).to.deep.equal([[98, 100, 1], [5_000, 5_010, 1]]);
    expect(spans([], 0, 9_000)).to.deep.equal([]);
  });

  it("are cut at the window's edges, and known by writes from outside of it", () => {
    expect(spans([{ atMs: 98 }, { atMs: 100, tookMs: 4_900 }], 1_000, 3_000)).to.deep.equal([[1_000, 3_000, 1]]);
  });

  it("end with the last attempt where nothing is acknowledged any more", () => {
    expect(spans([{ atMs: 98 }, { atMs: 150, tookMs: 1_000, outcome: "info" }], 0, 9_000)).to.deep.include([150, 1_150, 1]);
  });

  it("cover all attempts where nothing is ever acknowledged", () => {
    expect(spans([{ atMs: 100, outcome: "fail" }, { atMs: 900, tookMs: 50, outcome: "fail" }], 0, 9_000)).to.deep.equal([[100, 950, 2]]);
  });

  it("are not about reads", () => {
    expect(spans([{ atMs: 98 }, { atMs: 100, tookMs: 5_000, op: "get", outcome: "info" }], 0, 9_000)).to.deep.equal([[98, 100, 1]]);
  });

  it("lie in the window, do not overlap, and hold no acknowledgement inside", () => {
    const sketch = fc.record({ atMs: fc.nat(1_000), tookMs: fc.integer({ min: 1, max: 400 }), outcome: fc.constantFrom("ok", "fail", "info") });
    fc.assert(
      fc.property(fc.array(sketch, { maxLength: 30 }), fc.nat(500), fc.integer({ min: 1, max: 900 }), (sketches, startMs, lengthMs) => {
        const endMs = startMs + lengthMs;
        const found = spans(sketches, startMs, endMs);
        let freeFromMs = startMs;
        for (const [from = NaN, to = NaN, attempted] of found) {
          expect(from).to.be.at.least(freeFromMs);
          expect(to).to.be.within(from + Number.MIN_VALUE, endMs);
          expect(attempted).to.be.at.least(1);
          const acks = sketches.filter((each) => each.outcome === "ok").map(({ atMs, tookMs }) => atMs + tookMs);
          expect(acks.filter((ack) => ack > from && ack < to)).to.deep.equal([]);
          freeFromMs = to;
        }
      }),
    );
  });

  it("have a longest one", () => {
    const outages = unavailability(operationsOf([{ atMs: 0 }, { atMs: 10, tookMs: 100 }, { atMs: 200, tookMs: 50 }]), { startMs: 0, endMs: 1_000 });
    expect(longestOutage(outages)).to.deep.include({ startMs: 10, endMs: 110 });
    expect(longestOutage([])).to.equal(undefined);
  });
});

describe("what clients write", () => {
  const common = { process: 0, client: 0, member: "etcd-1", intendedNs: 0, invokeNs: 0, returnNs: 1, outcome: "ok" } as const;
  const txn = (success: readonly TxnPart[], failure: readonly TxnPart[] = []): Operation => ({ ...common, op: "txn", compares: [], success, failure });

  it("is puts, deletes and transactions that may put or delete", () => {
    const put = { op: "put", key: "k", value: "v" } as const;
    expect([{ ...common, ...put }, { ...common, op: "delete", key: "k" } as const, txn([put]), txn([], [{ op: "delete", key: "k" }])].every(isWrite)).to.equal(true);
    expect([{ ...common, op: "get", key: "k" } as const, txn([{ op: "get", key: "k" }])].some(isWrite)).to.equal(false);
  });
});

describe("throughput", () => {
  it("counts returns by outcome and attempts by intended start, each in its own bin", () => {
    const operations = operationsOf([{ atMs: 10, tookMs: 100 }, { atMs: 110, outcome: "fail" }, { atMs: 120, outcome: "info", tookMs: 900 }]);
    expect(throughput(operations, { startMs: 0, endMs: 250, binMs: 100 })).to.deep.equal([
      { startMs: 0, ok: 0, fail: 0, info: 0, attempted: 1 },
      { startMs: 100, ok: 1, fail: 1, info: 0, attempted: 2 },
      { startMs: 200, ok: 0, fail: 0, info: 0, attempted: 0 },
    ]);
  });
});

describe("latency", () => {
  it("quantiles are values of the list, by nearest rank", () => {
    const hundred = Array.from({ length: 100 }, (_, index) => index + 1);
    expect([0, 0.01, 0.07, 0.5, 0.99, 0.991, 1].map((q) => quantile(hundred, q))).to.deep.equal([1, 1, 7, 50, 99, 100, 100]);
    expect(quantile([], 0.5)).to.equal(undefined);
  });

  it("has at least the share of a quantile at or below it", () => {
    fc.assert(
      fc.property(fc.array(fc.integer(), { minLength: 1 }), fc.double({ min: 0, max: 1, noNaN: true }), (values, q) => {
        const sorted = [...values].sort((a, b) => a - b);
        const found = quantile(sorted, q) ?? NaN;
        expect(sorted).to.include(found);
        expect(sorted.filter((value) => value <= found).length).to.be.at.least(q * sorted.length - 1e-6);
      }),
    );
  });

  it("is that of ok operations, in the bin of their intended start", () => {
    const operations = operationsOf([{ atMs: 10, tookMs: 500 }, { atMs: 20, tookMs: 5 }, { atMs: 30, tookMs: 9_000, outcome: "info" }]);
    const [first, second] = latencyBins(operations, { startMs: 0, endMs: 200, binMs: 100, quantiles: [0.5, 1] });
    expect(first).to.deep.equal({ startMs: 0, count: 2, quantilesMs: [5, 500] });
    expect(second).to.deep.equal({ startMs: 100, count: 0, quantilesMs: [undefined, undefined] });
  });
});
