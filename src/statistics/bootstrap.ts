import { quantileSorted } from "simple-statistics";
import type { Random } from "../random.ts";
import { alpha, type Interval } from "./interval.ts";

/** So often the data are drawn anew. */
export const drawsOfBootstrap = 1_000;

/** What was drawn, and the interval in which 95 % of it lie; widened to hold the value itself. Undefined where nothing could be drawn. */
export function percentileInterval(drawn: readonly number[], value: number): Interval | undefined {
  const finite = drawn.filter((each) => Number.isFinite(each)).sort((a, b) => a - b);
  if (finite.length === 0) return undefined;
  return { low: Math.min(value, quantileSorted(finite, alpha / 2)), high: Math.max(value, quantileSorted(finite, 1 - alpha / 2)) };
}

/** The values of a statistic of a sample that is drawn with replacement. */
export function bootstrap(sample: readonly number[], statistic: (drawn: number[]) => number, random: Random): number[] {
  return Array.from({ length: drawsOfBootstrap }, () => statistic(sample.map(() => random.pick(sample))));
}
