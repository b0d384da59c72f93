import { bisectLeft } from "d3-array";

import type { Stretch } from "../../src/analysis/coverage.ts";
import type { Evidence } from "../verdict.ts";

/** Something that an objective counts: good or bad, at a moment. */
export interface Counted {
  readonly atMs: number;
  readonly good: boolean;
  /** How many it stands for, 1 where it is one; of what was never sent it may be part of one. */
  readonly weight: number;
  /** None where there is nothing to be looked up, or it is good, which nobody looks up. */
  readonly evidence?: (() => Evidence) | undefined;
}

export interface Count {
  readonly good: number;
  readonly bad: number;
}

/** What an objective counts, so that any stretch of time is summed up quickly. */
export class Ledger {
  readonly entries: readonly Counted[];
  readonly #timesMs: Float64Array;
  /** Sums of all before each entry. */
  readonly #good: Float64Array;
  readonly #bad: Float64Array;

  constructor(entries: readonly Counted[]) {
    this.entries = entries.toSorted((a, b) => a.atMs - b.atMs);
    this.#timesMs = Float64Array.from(this.entries.map(({ atMs }) => atMs));
    this.#good = sums(this.entries, ({ good, weight }) => (good ? weight : 0));
    this.#bad = sums(this.entries, ({ good, weight }) => (good ? 0 : weight));
  }

  /** Of a stretch that holds its start and not its end. */
  count({ startMs, endMs }: Stretch): Count {
    const [from, to] = [bisectLeft(this.#timesMs, startMs), bisectLeft(this.#timesMs, endMs)];
    return { good: (this.#good[to] ?? 0) - (this.#good[from] ?? 0), bad: (this.#bad[to] ?? 0) - (this.#bad[from] ?? 0) };
  }

  in({ startMs, endMs }: Stretch): readonly Counted[] {
    return this.entries.slice(bisectLeft(this.#timesMs, startMs), bisectLeft(this.#timesMs, endMs));
  }

  /** Moments in [fromMs, toMs] such that whatever lies in stretches that begin (or end) at any moment between lies, in the same stretches, at one of these; `lengthsMs` are those of the stretches. */
  moments(fromMs: number, toMs: number, lengthsMs: readonly number[]): number[] {
    const found = new Set([toMs]);
    for (const shiftMs of [0, ...lengthsMs]) {
      for (const atMs of this.#timesMs) if (atMs + shiftMs >= fromMs && atMs + shiftMs <= toMs) found.add(atMs + shiftMs);
    }
    return [...found].sort((a, b) => a - b);
  }
}

function sums(entries: readonly Counted[], value: (entry: Counted) => number): Float64Array {
  const found = new Float64Array(entries.length + 1);
  entries.forEach((entry, index) => (found[index + 1] = (found[index] ?? 0) + value(entry)));
  return found;
}
