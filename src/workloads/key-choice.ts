import { bisectRight } from "d3-array";
import type { Random } from "../random.ts";

/** How the keys of a workload are drawn. */
export const keyChoices = ["uniform", "zipfian", "hot"] as const;
export type KeyChoice = (typeof keyChoices)[number];

/** YCSB's: the most frequent of 50 keys is drawn by a fifth of the operations. */
const zipfExponent = 0.99;
const hotKeys = 0.1;
const hotShare = 0.9;

/** Draws numbers of keys, from 0 to one less than `keys`; the lower ones more often where not uniform. */
export function keyChooser(choice: KeyChoice, keys: number): (random: Random) => number {
  switch (choice) {
    case "uniform":
      return (random) => random.int(0, keys - 1);
    case "hot": {
      const hot = Math.max(1, Math.floor(keys * hotKeys));
      return (random) => (hot === keys || random.float() < hotShare ? random.int(0, hot - 1) : random.int(hot, keys - 1));
    }
    case "zipfian": {
      const sums = cumulated(Array.from({ length: keys }, (_, rank) => 1 / (rank + 1) ** zipfExponent));
      return (random) => indexOf(sums, random.float() * (sums.at(-1) ?? 0));
    }
  }
}

/** Each with the sum of those up to it. */
export function cumulated(weights: readonly number[]): Float64Array {
  const sums = Float64Array.from(weights);
  for (let index = 1; index < sums.length; index += 1) sums[index] = (sums[index] ?? 0) + (sums[index - 1] ?? 0);
  return sums;
}

/** The first index whose sum is above the point. */
export function indexOf(sums: Float64Array, point: number): number {
  // The last sum can be a little below the point, by rounding.
  return Math.min(bisectRight(sums, point), sums.length - 1);
}
