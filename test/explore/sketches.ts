import fc from "fast-check";
import { drawSketch, varied } from "../../src/explore/draw.ts";
import { usualLimits, type Limits } from "../../src/explore/limits.ts";
import type { Sketch } from "../../src/explore/sketch.ts";
import { seededRandom } from "../../src/random.ts";

/** Sketches as a search draws them, some varied a few times. */
export function sketches(limits: Limits = usualLimits): fc.Arbitrary<Sketch> {
  return fc.tuple(fc.nat(), fc.nat({ max: 4 })).map(([seed, times]) => {
    const random = seededRandom(seed, "test");
    return Array.from({ length: times }).reduce<Sketch>((sketch) => varied(sketch, random, limits), drawSketch(random, limits));
  });
}

/** A small sketch to start from. */
export const plain: Sketch = { members: 3, flags: {}, loads: [{ kind: "kv", options: { rate: 100, clients: 8 } }], quietMs: { before: 1_000, after: 1_000 }, stormMs: 4_000, faults: [] };
