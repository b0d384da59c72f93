import type { Side } from "../../src/compare/side.ts";
import { figureNames } from "../../src/analysis/key-figures.ts";
import { seededRandom, type Random } from "../../src/random.ts";
import type { Entry } from "../../src/ledger/entry.ts";
import { entry } from "../ledger/entries.ts";

/** A side of these entries. */
export function sideOf(label: string, entries: readonly Entry[]): Side {
  return { label, entries };
}

/** Latencies are skewed: now and then much longer than usual. */
function skewed(random: Random): number {
  return Math.exp(0.5 * Math.sqrt(-2 * Math.log(1 - random.float())) * Math.cos(2 * Math.PI * random.float())) * (random.float() < 0.05 ? 3 : 1);
}

/** Runs whose every figure is drawn from one distribution, times `factor` for those that are times; so many of a hundred fail. */
export function drawnRuns(label: string, many: number, { seed, factor = 1, failsOf100 = 10 }: { readonly seed: number; readonly factor?: number; readonly failsOf100?: number }): Side {
  const random = seededRandom(seed, label);
  const entries = Array.from({ length: many }, (_, index) =>
    entry(index, {
      id: `${label}-${index}`,
      outcome: random.int(1, 100) <= failsOf100 ? "fail" : "pass",
      figures: Object.fromEntries(figureNames.map((name) => [name, name === "availability" ? 1 - 0.05 * random.float() : name === "leader-changes" ? random.int(1, 2) : name === "throughput" ? 190 + 5 * skewed(random) : 100 * factor * skewed(random)])),
    }),
  );
  return sideOf(label, entries);
}
