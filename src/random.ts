import { createHash } from "node:crypto";
import { uniformFloat64 } from "pure-rand/distribution/uniformFloat64";
import { uniformInt } from "pure-rand/distribution/uniformInt";
import { xoroshiro128plus } from "pure-rand/generator/xoroshiro128plus";

/** Randomness that the run's seed decides; nothing else in the harness is random. */
export interface Random {
  /** A whole number from `min` to `max`, both included. */
  int(min: number, max: number): number;
  /** A number in [0, 1). */
  float(): number;
  /** One of the items; throws on an empty list. */
  pick<T>(items: readonly T[]): T;
}

/**
 * A generator for one use of the seed. The label (`target/0`, `client/3`) keeps the
 * streams apart, so that adding a client does not change which member is picked.
 */
export function seededRandom(seed: number, label: string): Random {
  const generator = xoroshiro128plus(mix(seed, label));
  const int = (min: number, max: number): number => uniformInt(generator, min, max);
  return {
    int,
    float: () => uniformFloat64(generator),
    pick<T>(items: readonly T[]): T {
      const item = items[int(0, items.length - 1)];
      if (item === undefined) throw new RangeError("cannot pick from an empty list");
      return item;
    },
  };
}

/** 32 bits that differ for every seed and label, however alike they are. */
function mix(seed: number, label: string): number {
  return createHash("sha256").update(`${seed}/${label}`).digest().readInt32LE();
}
