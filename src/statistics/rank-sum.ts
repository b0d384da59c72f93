import { errorFunction } from "simple-statistics";
import type { TestResult } from "./test-result.ts";

/** Beyond so many values together the distribution is taken to be normal, which it then nearly is. */
const exactMax = 60;

/**
 * The rank-sum test of Wilcoxon, Mann and Whitney, two-sided: whether the values of one sample tend to be larger. It asks
 * nothing of how they are distributed. Up to 60 values it is exact, ties included: all ways are counted to deal the
 * ranks to the two samples.
 */
export function rankSumTest(a: readonly number[], b: readonly number[]): TestResult & { readonly larger: "a" | "b" | "neither" } {
  if (a.length === 0 || b.length === 0) return { p: 1, pMin: 1, larger: "neither" };
  const ranks = doubledRanks([...a, ...b]);
  const observed = sum(ranks.slice(0, a.length));
  const expected = (a.length * sum(ranks)) / ranks.length;
  const larger = observed > expected ? "a" : observed < expected ? "b" : "neither";
  return { ...(ranks.length <= exactMax ? exact(ranks, a.length, observed) : normal(ranks, a.length, observed)), larger };
}

/** Ranks of values, equal ones sharing the mean of theirs, doubled so that they are whole. */
function doubledRanks(values: readonly number[]): number[] {
  const sorted = [...values].sort((one, other) => one - other);
  const rankOf = new Map<number, number>();
  for (let from = 0; from < sorted.length; ) {
    const value = sorted[from] ?? 0;
    let to = from;
    while (sorted[to] === value) to += 1;
    rankOf.set(value, from + to + 1);
    from = to;
  }
  return values.map((value) => rankOf.get(value) ?? 0);
}

/** How many ways there are to choose `size` of the ranks for each sum, each as a share of all. */
function exact(ranks: readonly number[], size: number, observed: number): TestResult {
  const total = sum(ranks);
  const ways = Array.from({ length: size + 1 }, () => new Float64Array(total + 1));
  const [none] = ways;
  if (none !== undefined) none[0] = 1;
  for (const [index, rank] of ranks.entries()) {
    for (let chosen = Math.min(size, index + 1); chosen >= 1; chosen -= 1) {
      const into = ways[chosen];
      const from = ways[chosen - 1];
      for (let at = total; into !== undefined && at >= rank; at -= 1) into[at] = (into[at] ?? 0) + (from?.[at - rank] ?? 0);
    }
  }
  const counts = ways[size] ?? new Float64Array();
  const expected = (size * total) / ranks.length;
  const all = counts.reduce((sumOf, each) => sumOf + each, 0);
  const pOf = (distance: number): number => counts.reduce((sumOf, each, at) => (Math.abs(at - expected) >= distance - 1e-9 ? sumOf + each : sumOf), 0) / all;
  const farthest = counts.reduce((most, each, at) => (each > 0 ? Math.max(most, Math.abs(at - expected)) : most), 0);
  return { p: pOf(Math.abs(observed - expected)), pMin: pOf(farthest) };
}

/** With the correction for ties. */
function normal(ranks: readonly number[], size: number, observed: number): TestResult {
  const n = ranks.length;
  const mean = sum(ranks) / n;
  const variance = (ranks.reduce((sumOf, rank) => sumOf + (rank - mean) ** 2, 0) / (n - 1)) * ((size * (n - size)) / n);
  if (variance === 0) return { p: 1, pMin: 1 };
  const pOf = (distance: number): number => Math.min(1, 1 - errorFunction(distance / Math.sqrt(2 * variance)));
  const sorted = [...ranks].sort((one, other) => one - other);
  const farthest = Math.max(size * mean - sum(sorted.slice(0, size)), sum(sorted.slice(-size)) - size * mean);
  return { p: pOf(Math.abs(observed - size * mean)), pMin: pOf(farthest) };
}

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0);
}
