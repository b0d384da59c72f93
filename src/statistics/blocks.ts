import { bisectLeft } from "d3-array";
import type { Random } from "../random.ts";

/** A value, such as a latency, with the moment that it belongs to. */
export interface Timed {
  readonly atMs: number;
  readonly value: number;
}

/**
 * Values that follow one another are alike: a pause delays all that were due in it. So not values are drawn anew but blocks of
 * time, which may overlap, and with each all of its values.
 * https://doi.org/10.1214/aos/1176347265
 */
export class Blocks {
  readonly #sorted: Float64Array;
  /** For each value by size, its place by time. */
  readonly #placeOf: Uint32Array;
  /** Sums of all values before each place. */
  readonly #sums: Float64Array;
  /** For each start of a block, its first place by time and the one behind its last. */
  readonly #blocks: readonly (readonly [from: number, to: number])[];
  readonly #perDraw: number;

  /** @param blockMs how long values stay alike */
  constructor(values: readonly Timed[], { startMs, endMs }: { readonly startMs: number; readonly endMs: number }, blockMs: number) {
    const byTime = [...values].sort((a, b) => a.atMs - b.atMs);
    const bySize = byTime.map(({ value }, place) => ({ value, place })).sort((a, b) => a.value - b.value);
    this.#sorted = Float64Array.from(bySize, ({ value }) => value);
    this.#placeOf = Uint32Array.from(bySize, ({ place }) => place);
    this.#sums = new Float64Array(byTime.length + 1);
    for (const [place, { value }] of byTime.entries()) this.#sums[place + 1] = (this.#sums[place] ?? 0) + value;
    this.#perDraw = Math.floor((endMs - startMs) / blockMs);
    // Half a block apart: each moment lies in two of them.
    const starts = Array.from({ length: Math.max(0, 2 * this.#perDraw - 1) }, (_, index) => startMs + (index * blockMs) / 2);
    const times = byTime.map(({ atMs }) => atMs);
    const firstFrom = (atMs: number): number => bisectLeft(times, atMs);
    this.#blocks = starts.map((atMs) => [firstFrom(atMs), firstFrom(atMs + blockMs)]);
  }

  /** How many blocks go into a draw. */
  get count(): number {
    return this.#perDraw;
  }

  /** How many values there are. */
  get size(): number {
    return this.#sorted.length;
  }

  /** The quantile by nearest rank of one draw; NaN where no value came into it. */
  drawQuantile(q: number, random: Random): number {
    const changes = new Int32Array(this.#sorted.length + 1);
    let total = 0;
    for (let drawn = 0; drawn < this.#perDraw; drawn += 1) {
      const [from, to] = random.pick(this.#blocks);
      changes[from] = (changes[from] ?? 0) + 1;
      changes[to] = (changes[to] ?? 0) - 1;
      total += to - from;
    }
    for (let place = 1; place < changes.length; place += 1) changes[place] = (changes[place] ?? 0) + (changes[place - 1] ?? 0);
    let above = total - Math.max(1, Math.ceil(q * total - 1e-9));
    for (let rank = this.#sorted.length - 1; rank >= 0; rank -= 1) {
      above -= changes[this.#placeOf[rank] ?? 0] ?? 0;
      if (above < 0) return this.#sorted[rank] ?? NaN;
    }
    return NaN;
  }

  /** The mean of one draw; NaN where no value came into it. */
  drawMean(random: Random): number {
    let total = 0;
    let sum = 0;
    for (let drawn = 0; drawn < this.#perDraw; drawn += 1) {
      const [from, to] = random.pick(this.#blocks);
      total += to - from;
      sum += (this.#sums[to] ?? 0) - (this.#sums[from] ?? 0);
    }
    return sum / total;
  }
}
