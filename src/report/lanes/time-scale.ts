import { median } from "d3-array";

/** Places of moments on a line of a certain length, by which what happened stays in its order. */
export interface TimeScale {
  /** The moments, in order. */
  readonly moments: readonly number[];
  /** The place of any time, from 0 to the length; of one before the first moment or after the last that moment's. */
  place(at: number): number;
  /** Between these moments more time passed than there is room for. */
  readonly shortened: readonly { readonly from: number; readonly to: number }[];
  /** Whether all distances are in proportion to the time. */
  readonly isTrue: boolean;
}

/** Of distances longer than so many usual ones the rest is left out. */
const longestUsual = 4;
/** The share of the length that moments may need only to be told apart. */
const apartMost = 0.6;

/**
 * In proportion to time where all moments can be told apart so. Otherwise two moments are at least `apart` from each
 * other, and what is far longer than usual is shortened: operations of milliseconds stay to be seen beside a gap of minutes.
 */
export function timeScale(times: readonly number[], length: number, apart: number): TimeScale {
  const moments = [...new Set(times)].sort((a, b) => a - b);
  const gaps = moments.slice(1).map((at, index) => at - (moments[index] ?? at));
  const total = gaps.reduce((sum, gap) => sum + gap, 0);
  const isTrue = gaps.every((gap) => gap * length >= apart * total);
  const most = isTrue ? Infinity : longestUsual * (median(gaps) ?? 0);
  const least = isTrue ? 0 : Math.min(apart, (apartMost * length) / Math.max(1, gaps.length));
  const kept = gaps.map((gap) => Math.min(gap, most));
  const perUnit = (length - least * gaps.length) / (kept.reduce((sum, gap) => sum + gap, 0) || 1);
  const places = [0];
  for (const gap of kept) places.push((places.at(-1) ?? 0) + least + gap * perUnit);
  return {
    moments,
    place: (at) => placeOf(at, moments, places),
    shortened: gaps.flatMap((gap, index) => (gap > most ? [{ from: moments[index] ?? 0, to: moments[index + 1] ?? 0 }] : [])),
    isTrue,
  };
}

function placeOf(at: number, moments: readonly number[], places: readonly number[]): number {
  const next = moments.findIndex((moment) => moment >= at);
  if (next === -1) return places[moments.length - 1] ?? 0;
  const [before = 0, after = 0] = [moments[next - 1], moments[next]];
  const [left = 0, right = 0] = [places[next - 1], places[next]];
  return next === 0 || after === at ? right : left + ((right - left) * (at - before)) / (after - before);
}
