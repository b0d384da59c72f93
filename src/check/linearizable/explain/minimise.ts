/**
 * A part of the items from which nothing can be left out, as far as was tried: takes out ever smaller stretches
 * and keeps what still holds (Zeller and Hildebrandt, delta debugging).
 * @param completed a selection with all that it needs to mean something
 */
export function minimise<T>(items: readonly T[], completed: (selection: readonly T[]) => readonly T[], holds: (selection: readonly T[]) => boolean, isTimeUp: () => boolean): readonly T[] {
  let left = items;
  for (let size = Math.ceil(left.length / 2); size >= 1; size = size === 1 ? 0 : Math.ceil(size / 2)) {
    for (let from = 0; from < left.length; ) {
      if (isTimeUp()) return left;
      const kept = completed([...left.slice(0, from), ...left.slice(from + size)]);
      if (kept.length < left.length && holds(kept)) left = kept;
      else from += size;
    }
  }
  return left;
}
