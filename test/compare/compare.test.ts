import { expect } from "chai";
import fc from "fast-check";
import { keyFigures, type FigureName } from "../../src/analysis/key-figures.ts";
import { compareRuns } from "../../src/compare/compare.ts";
import type { ComparedAs, Comparison } from "../../src/compare/comparison.ts";
import { HarnessError } from "../../src/errors.ts";
import { entries, entry } from "../ledger/entries.ts";
import { drawnRuns, sideOf } from "./sides.ts";

function verdictOf({ figures }: Comparison, name: FigureName): ComparedAs | undefined {
  return figures.find((row) => row.name === name)?.verdict;
}

const verdictsOf = ({ figures, outcomes }: Comparison): ComparedAs[] => [...figures, ...outcomes].map(({ verdict }) => verdict);

describe("comparing two sets of runs", function () {
  this.timeout(240_000);

  it("finds a set neither better nor worse than itself, however many runs it has", () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 12 }), fc.nat(), (many, seed) => {
        const side = drawnRuns("a", many, { seed });
        expect(verdictsOf(compareRuns(side, side))).to.not.include.members(["better"]).and.not.include.members(["worse"]);
      }),
      { numRuns: 8 },
    );
  });

  it("finds latencies that are twice as long, where there are runs enough, and says which way is worse", () => {
    const [a, b] = [drawnRuns("a", 30, { seed: 1 }), drawnRuns("b", 30, { seed: 1, factor: 2 })];
    const [slower, faster] = [compareRuns(a, b), compareRuns(b, a)];
    for (const name of ["put-p99-during", "longest-unavailability", "first-write"] as const) {
      expect(verdictOf(slower, name), name).to.equal("worse");
      expect(verdictOf(faster, name), name).to.equal("better");
    }
    expect(verdictOf(slower, "throughput")).to.equal("within-noise");
  });

  it("calls equal sets better or worse in no more than one comparison of twenty", () => {
    const turns = 40;
    const alarms = Array.from({ length: turns }, (_, seed) => compareRuns(drawnRuns("a", 7, { seed }), drawnRuns("b", 7, { seed })))
      .filter((comparison) => verdictsOf(comparison).some((verdict) => verdict === "better" || verdict === "worse")).length;
    // Of 40 with a chance of 5 % more than 6 come once in a hundred times; the seeds make it the same each time.
    expect(alarms).to.be.at.most(6);
  });

  it("has intervals that hold what they are of, and a change between two values", () => {
    fc.assert(
      fc.property(fc.integer({ min: 2, max: 15 }), fc.integer({ min: 2, max: 15 }), fc.nat(), (ofA, ofB, seed) => {
        for (const { a, b, change } of compareRuns(drawnRuns("a", ofA, { seed }), drawnRuns("b", ofB, { seed })).figures) {
          for (const { value, interval } of [a, b, { value: change?.by, interval: change?.interval }]) {
            expect(value).to.be.within(interval?.low ?? NaN, interval?.high ?? NaN);
          }
          const [from, to] = [a.value ?? NaN, b.value ?? NaN];
          expect(change?.by).to.be.closeTo(change?.kind === "relative" ? to / from - 1 : to - from, 1e-9);
        }
      }),
      { numRuns: 8 },
    );
  });

  it("gives no verdict where runs are so few that nothing could be told", () => {
    const [a, b] = [drawnRuns("a", 3, { seed: 1 }), drawnRuns("b", 3, { seed: 1, factor: 100 })];
    expect(new Set(verdictsOf(compareRuns(a, b)))).to.deep.equal(new Set(["too-few-data"]));
  });

  it("needs only six runs on each side for the clearest of differences", () => {
    const clear = compareRuns(drawnRuns("a", 6, { seed: 1 }), drawnRuns("b", 6, { seed: 1, factor: 100 }));
    expect(verdictOf(clear, "put-p50-before")).to.equal("worse");
  });

  it("says of a figure that one side lacks that there are too few data, with the numbers of runs", () => {
    const a = sideOf("a", entries(10, () => ({ figures: { "put-p99-during": 5, availability: 1 } })));
    const b = sideOf("b", entries(10, () => ({ figures: { availability: 1 } })));
    const row = compareRuns(a, b).figures.find(({ name }) => name === "put-p99-during");
    expect(row).to.deep.include({ verdict: "too-few-data", because: "10 and 0 runs have it" });
    expect(row?.change).to.equal(undefined);
  });

  it("sees by their outcomes that runs fail more often", () => {
    const runs = (label: string, failsOf100: number) => drawnRuns(label, 20, { seed: 1, failsOf100 });
    const [more, fewer] = [compareRuns(runs("a", 0), runs("b", 90)), compareRuns(runs("b", 90), runs("a", 0))];
    const outcome = (comparison: Comparison, wanted: string) => comparison.outcomes.find((row) => row.outcome === wanted)?.verdict;
    expect(outcome(more, "fail")).to.equal("worse");
    expect(outcome(more, "pass")).to.equal("worse");
    expect(outcome(fewer, "fail")).to.equal("better");
    expect(outcome(more, "inconclusive")).to.equal("within-noise");
  });

  it("leaves the figures of runs that were cut short out, and says so", () => {
    const a = sideOf("a", entries(8));
    const b = sideOf("b", entries(8, (number) => (number === 0 ? { id: "x", status: "interrupted", figures: { "put-p99-during": 1e9 } } : { id: `b${number}` })));
    const comparison = compareRuns(a, b);
    expect(comparison.figures.find(({ name }) => name === "put-p99-during")?.b).to.deep.include({ runs: 7, value: 900 });
    expect(comparison.warnings.join()).to.include("1 run did not go to the end");
  });

  it("warns of whatever else is different, and of runs that are on both sides", () => {
    const a = sideOf("a", entries(3));
    const warned = (change: Parameters<typeof entry>[1]): string => compareRuns(a, sideOf("b", entries(3, (number) => ({ id: `b${number}`, ...change })))).warnings.join("\n");
    expect(warned({})).to.equal("");
    expect(warned({ scenario: "mixed" })).to.include("these are different scenarios: partition against mixed");
    expect(warned({ scenarioHash: "other" })).to.include("the scenario's text is not the same");
    expect(warned({ machine: { platform: "linux x64", cpus: 64, memoryBytes: 2 ** 38, node: "v20" } })).to.include("the machines are not of one kind");
    expect(compareRuns(a, a).warnings.join()).to.include("3 runs are on both sides");
  });

  it("refuses runs that have no figure in common, and says what each has", () => {
    const a = sideOf("old", entries(2, () => ({ figures: undefined })));
    const compare = (): Comparison => compareRuns(a, sideOf("new", entries(2)));
    expect(compare).to.throw(HarnessError, "no key figure in common: old has none; new has put p99 during the fault").with.property("code", "history-invalid");
  });

  it("gives the same answer for the same runs", () => {
    const compare = (): Comparison => compareRuns(drawnRuns("a", 7, { seed: 4 }), drawnRuns("b", 7, { seed: 4 }));
    expect(compare()).to.deep.equal(compare());
  });
});

describe("key figures", () => {
  it("are told apart by their titles", () => {
    const titles = Object.values(keyFigures).map(({ title }) => title);
    expect(new Set(titles)).to.have.length(titles.length);
  });
});
