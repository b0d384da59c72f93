import { quickselect } from "d3-array";

import { latencyMs, type Operation } from "../recording/operation.ts";

/** Equal bins of [start, end); the last may be cut by the end. */
export interface Bins {
  readonly startMs: number;
  readonly endMs: number;
  readonly binMs: number;
}

/** Latencies of the ok operations that were meant to start in one bin. */
export interface LatencyBin {
  readonly startMs: number;
  readonly count: number;
  /** One for each quantile that was asked for, in milliseconds; undefined where no operation was ok. */
  readonly quantilesMs: readonly (number | undefined)[];
}

// Keeps the product of a quantile such as 0.07 and a count from landing just above a whole rank.
const rankSlack = 1e-9;

/** The quantile of numbers in ascending order by nearest rank: one of the numbers; undefined of none. */
export function quantile(sorted: ArrayLike<number>, q: number): number | undefined {
  return sorted[placeOf(q, sorted.length)];
}

/** The same of numbers in any order, for several quantiles: to put them all in order takes three times as long. */
export function quantilesOf(values: readonly number[], quantiles: readonly number[]): (number | undefined)[] {
  const numbers = Float64Array.from(values);
  return quantiles.map((q) => {
    const place = placeOf(q, numbers.length);
    quickselect(numbers, place);
    return numbers[place];
  });
}

/** Counted from 0. */
function placeOf(q: number, count: number): number {
  const rank = Math.ceil(q * count - rankSlack);
  return Math.min(Math.max(rank, 1), count) - 1;
}

/** Latency quantiles over time, from the intended start, so that a stalled client hides nothing. */
export function latencyBins(operations: readonly Operation[], { quantiles, ...bins }: Bins & { readonly quantiles: readonly number[] }): LatencyBin[] {
  const latenciesMs = Array.from({ length: binCount(bins) }, (): number[] => []);
  for (const operation of operations) {
    if (operation.outcome !== "ok") continue;
    latenciesMs[binIndex(bins, operation.intendedNs / 1e6)]?.push(latencyMs(operation));
  }
  return latenciesMs.map((values, index) => ({ startMs: bins.startMs + index * bins.binMs, count: values.length, quantilesMs: quantilesOf(values, quantiles) }));
}

export function binCount({ startMs, endMs, binMs }: Bins): number {
  return Math.max(0, Math.ceil((endMs - startMs) / binMs));
}

/** Of no bin (-1) for a time outside. */
export function binIndex({ startMs, endMs, binMs }: Bins, atMs: number): number {
  return atMs >= startMs && atMs < endMs ? Math.floor((atMs - startMs) / binMs) : -1;
}
