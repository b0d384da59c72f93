import { expect } from "chai";
import { figuresOf, type FigureName } from "../../src/analysis/key-figures.ts";
import { compareRuns } from "../../src/compare/compare.ts";
import { figureOperations } from "../../src/compare/operations.ts";
import type { Comparison, FigureRow } from "../../src/compare/comparison.ts";
import type { Side } from "../../src/compare/side.ts";
import { seededRandom } from "../../src/random.ts";
import type { Recording } from "../../src/recording/recording.ts";
import { entries, entry } from "../ledger/entries.ts";
import { recording } from "../recordings/builder.ts";

/** A run with a fault from 5 s to 10 s and a put every 5 ms, whose latencies vary around so many milliseconds. */
function run(seed: number, latencyMs: number, { lastsMs = 15_000 }: { readonly lastsMs?: number } = {}): Recording {
  const random = seededRandom(seed, "latencies");
  return recording()
    .phase("baseline", 0, lastsMs)
    .fault({ phase: "baseline", targets: ["etcd-1"], requestedMs: lastsMs / 3, effectiveMs: lastsMs / 3 + 1, healingMs: (2 * lastsMs) / 3 - 1, healedMs: (2 * lastsMs) / 3 })
    .operations(0, lastsMs, 5, () => ({ tookMs: latencyMs * (0.5 + random.float()), outcome: random.float() < 0.02 ? "info" : "ok" }))
    .build();
}

function sideOf(label: string, of: Recording): Side {
  return { label, entries: [entry(1, { id: label, figures: figuresOf(of) })], operations: figureOperations(of) };
}

function rowOf({ figures }: Comparison, name: FigureName): FigureRow | undefined {
  return figures.find((row) => row.name === name);
}

describe("comparing two single runs", function () {
  this.timeout(240_000);
  const a = sideOf("a", run(1, 4));

  it("finds latencies that are twice as long by the operations within them", () => {
    const comparison = compareRuns(a, sideOf("b", run(2, 8)));
    expect(comparison.basis).to.equal("operations");
    for (const name of ["put-p50-before", "put-p99-before", "put-p50-during", "put-p99-after"] as const) {
      const { a: ofA, verdict } = rowOf(comparison, name) ?? {};
      expect(verdict, name).to.equal("worse");
      expect(ofA?.value).to.be.within(ofA?.interval?.low ?? NaN, ofA?.interval?.high ?? NaN);
    }
  });

  it("finds a run like another neither better nor worse", () => {
    const verdicts = compareRuns(a, sideOf("b", run(3, 4))).figures.map(({ verdict }) => verdict);
    expect(verdicts).to.include("within-noise").and.not.include.members(["better"]).and.not.include.members(["worse"]);
  });

  it("has nothing to say of figures of which a run has a single value", () => {
    const { verdict, because } = rowOf(compareRuns(a, sideOf("b", run(2, 8))), "longest-unavailability") ?? {};
    expect(verdict).to.equal("too-few-data");
    expect(because).to.equal("one value on each side has no noise to be held against");
  });

  it("has nothing to say of parts that were too short, and says how short", () => {
    const brief = { lastsMs: 6_000 };
    const row = rowOf(compareRuns(sideOf("a", run(1, 4, brief)), sideOf("b", run(2, 80, brief))), "put-p50-before");
    expect(row).to.deep.include({ verdict: "too-few-data", because: "it lasted for 8 blocks of operations, and 16 are needed" });
    expect(row?.a.interval).to.equal(undefined);
  });

  it("warns that two runs are only two runs, where there are no others like them", () => {
    expect(compareRuns(a, sideOf("b", run(2, 8))).warnings.join()).to.include("one run on each side");
    expect(compareRuns(a, sideOf("b", run(2, 8)), entries(9)).warnings.join()).to.not.include("one run on each side");
  });

  it("calls no difference worse that is usual between runs like these", () => {
    const peers = (spreadMs: number) => entries(9, (number) => ({ figures: { "put-p50-before": 4 + (number - 4) * spreadMs } }));
    const b = sideOf("b", run(2, 8));
    expect(rowOf(compareRuns(a, b, peers(4)), "put-p50-before")).to.deep.include({ verdict: "within-noise", because: "9 other runs like these differ as much" });
    expect(rowOf(compareRuns(a, b, peers(0.1)), "put-p50-before")?.verdict).to.equal("worse");
  });
});
