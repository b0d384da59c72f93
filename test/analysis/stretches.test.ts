import { expect } from "chai";
import fc from "fast-check";
import { latencyHeat } from "../../src/analysis/latency-heat.ts";
import { quantile } from "../../src/analysis/latency.ts";
import { meantIn } from "../../src/analysis/meant.ts";
import { stretchFigures } from "../../src/analysis/stretch-figures.ts";
import { latencyMs, type Operation } from "../../src/recording/operation.ts";
import { recording, type OperationSketch } from "../recordings/builder.ts";

const sketches = fc.array(
  fc.record({ atMs: fc.integer({ min: 0, max: 1_000 }), tookMs: fc.integer({ min: 0, max: 300 }), outcome: fc.constantFrom("ok", "fail", "info") }) satisfies fc.Arbitrary<OperationSketch>,
  { maxLength: 60 },
);
const stretch = fc.tuple(fc.integer({ min: 0, max: 1_000 }), fc.integer({ min: 0, max: 1_000 })).map(([a, b]) => ({ startMs: Math.min(a, b), endMs: Math.max(a, b) }));
const operationsOf = (some: readonly OperationSketch[]): readonly Operation[] => some.reduce((builder, sketch) => builder.operation(sketch), recording()).build().operations;
const startsIn = (operations: readonly Operation[], { startMs, endMs }: { readonly startMs: number; readonly endMs: number }): Operation[] => operations.filter(({ intendedNs }) => intendedNs / 1e6 >= startMs && intendedNs / 1e6 < endMs);

describe("operations of stretches of time", () => {
  it("have the figures of those that were meant to start in each, also where stretches overlap or are empty", () => {
    fc.assert(
      fc.property(sketches, fc.array(stretch, { maxLength: 6 }), (some, stretches) => {
        const operations = operationsOf(some);
        const expected = stretches.map((each) => {
          const meant = startsIn(operations, each);
          const sorted = meant.filter(({ outcome }) => outcome === "ok").map(latencyMs).sort((a, b) => a - b);
          return { attempted: meant.length, ok: sorted.length, p50Ms: quantile(sorted, 0.5), p99Ms: quantile(sorted, 0.99) };
        });
        expect(stretchFigures(operations, stretches)).to.deep.equal(expected);
      }),
    );
  });

  it("leave out the reads after the load's end", () => {
    const last = operationsOf([{ atMs: 5 }]).map((operation): Operation => ({ ...operation, final: true }));
    expect(stretchFigures(last, [{ startMs: 0, endMs: 10 }])).to.deep.equal([{ attempted: 0, ok: 0, p50Ms: undefined, p99Ms: undefined }]);
  });

  it("are found in order of their intended start, whatever order they come in", () => {
    fc.assert(
      fc.property(sketches, stretch, (some, each) => {
        const operations = operationsOf(some);
        expect(meantIn(operations, each)).to.deep.equal(startsIn(operations, each).sort((a, b) => a.intendedNs - b.intendedNs));
      }),
    );
  });
});

describe("the heatmap of latencies", () => {
  const bins = { startMs: 0, endMs: 1_000, binMs: 100 };

  it("counts each ok operation once, in its bin and in a band that holds its latency", () => {
    fc.assert(
      fc.property(sketches, (some) => {
        const operations = operationsOf(some);
        const cells = latencyHeat(operations, bins);
        const ok = startsIn(operations, bins).filter(({ outcome }) => outcome === "ok");
        expect(cells.reduce((sum, { count }) => sum + count, 0)).to.equal(ok.length);
        for (const operation of ok.filter((each) => latencyMs(each) > 0)) {
          const ms = latencyMs(operation);
          const bin = Math.floor(operation.intendedNs / 1e8);
          expect(cells.some((cell) => cell.bin === bin && cell.fromMs <= ms * (1 + 1e-9) && ms <= cell.toMs * (1 + 1e-9)), `${ms} ms in bin ${bin}`).to.equal(true);
        }
      }),
    );
  });

  it("has no cells where nothing ended ok, and keeps what is beyond its bands in the outermost ones", () => {
    expect(latencyHeat(operationsOf([{ atMs: 10, outcome: "info" }, { atMs: 20, outcome: "fail" }]), bins)).to.deep.equal([]);
    const [instant, endless] = latencyHeat(operationsOf([{ atMs: 10, tookMs: 0 }, { atMs: 210, tookMs: 1e9 }]), bins);
    expect(instant).to.include({ bin: 0, count: 1 });
    expect(instant?.fromMs).to.be.closeTo(0.01, 1e-9);
    expect(endless?.toMs).to.be.closeTo(1e6, 1e-3);
  });
});
