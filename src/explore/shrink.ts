import { smaller } from "./smaller.ts";
import type { Sketch } from "./sketch.ts";

export interface Shrunk {
  readonly sketch: Sketch;
  /** Each that still failed, from the first to the smallest. */
  readonly path: readonly Sketch[];
  /** How many smaller ones were tried. */
  readonly tried: number;
  /** Nothing is left that could be left out; otherwise time was up. */
  readonly complete: boolean;
}

/**
 * Makes a failing sketch smaller as long as it still fails, by leaving out one thing after the other and the most at once first:
 * delta debugging (Zeller and Hildebrandt 2002), with steps that know what a scenario is made of.
 *
 * @param stillFails whether a sketch fails as the first one does, often enough to be believed; undefined ends the search
 */
export async function shrink(first: Sketch, stillFails: (sketch: Sketch) => Promise<boolean | undefined>): Promise<Shrunk> {
  const path = [first];
  const refused = new Set<string>();
  let tried = 0;
  for (let sketch: Sketch | undefined = first; sketch !== undefined; ) {
    let next: Sketch | undefined;
    for (const candidate of smaller(sketch)) {
      const key = JSON.stringify(candidate);
      if (refused.has(key)) continue;
      const fails = await stillFails(candidate);
      if (fails === undefined) return { sketch, path, tried, complete: false };
      tried += 1;
      if (fails) {
        next = candidate;
        break;
      }
      refused.add(key);
    }
    if (next === undefined) return { sketch, path, tried, complete: true };
    path.push(next);
    sketch = next;
  }
  return { sketch: first, path, tried, complete: true };
}
