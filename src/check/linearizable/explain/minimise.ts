/**
 * A part of the items from which nothing can be left out, as far as was tried: takes out ever smaller stretches
 * and keeps what still holds (Zeller and Hildebrandt, delta debugging).
 * @param keeps what is left of a selection that still holds, which may be more than was asked for; undefined when it does not hold
 */
export function minimise<T>(items: readonly T[], keeps: (selection: readonly T[]) => readonly T[] | undefined, isTimeUp: () => boolean): readonly T[] {
  let left = items;
  for (let size = Math.ceil(left.length / 2); size >= 1; size = size === 1 ? 0 : Math.ceil(size / 2)) {
    for (let from = 0; from < left.length; ) {
      if (isTimeUp()) return left;
      const kept = keeps([...left.slice(0, from), ...left.slice(from + size)]);
      if (kept !== undefined && kept.length < left.length) left = kept;
      else from += size;
    }
  }
  return left;
}
