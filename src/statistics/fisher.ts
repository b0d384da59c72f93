import { gammaln } from "simple-statistics";
import type { TestResult } from "./test-result.ts";

/** Makes ties in floating point ties. */
const slack = 1 + 1e-7;

/**
 * Fisher's exact test of two shares, two-sided: of all tables with the same sums, those that are at most as likely as this one.
 * @param a hits and all of the one sample @param b of the other
 */
export function fisherExact(a: { readonly hits: number; readonly all: number }, b: { readonly hits: number; readonly all: number }): TestResult {
  const hits = a.hits + b.hits;
  const least = Math.max(0, hits - b.all);
  const most = Math.min(hits, a.all);
  const total = logChoose(a.all + b.all, hits);
  const chances = Array.from({ length: most - least + 1 }, (_, index) => Math.exp(logChoose(a.all, least + index) + logChoose(b.all, hits - least - index) - total));
  const pOf = (chance: number): number => Math.min(1, chances.reduce((sum, each) => (each <= chance * slack ? sum + each : sum), 0));
  return { p: pOf(chances[a.hits - least] ?? 1), pMin: pOf(Math.min(...chances)) };
}

function logChoose(n: number, k: number): number {
  return gammaln(n + 1) - gammaln(k + 1) - gammaln(n - k + 1);
}
