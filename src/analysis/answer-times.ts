import { bisectLeft } from "d3-array";

import type { Missed } from "./missed.ts";
import { latencyMs, type Operation } from "../recording/operation.ts";
import { quantile } from "./latency.ts";
import type { Stretch } from "./coverage.ts";

/**
 * How long clients waited for an answer, by when their requests were due. What was not answered, or not even sent, took for
 * ever: otherwise latency would be best where nothing is answered.
 */
export class AnswerTimes {
  readonly #dueMs: Float64Array;
  readonly #tookMs: Float64Array;

  /** @param missed what was due and never sent */
  constructor(operations: readonly Operation[], missed: readonly Missed[]) {
    const sent = operations.filter(({ final }) => final !== true);
    const unsentMs = missed.flatMap(({ atMs, count }) => new Array<number>(count).fill(atMs));
    const dueMs = [...sent.map(({ intendedNs }) => intendedNs / 1e6), ...unsentMs];
    const tookMs = [...sent.map((operation) => (operation.outcome === "ok" ? latencyMs(operation) : Infinity)), ...unsentMs.map(() => Infinity)];
    // Their places are put in order and not pairs of them, of which a million cost 100 MB.
    const order = dueMs.map((_, place) => place).sort((one, other) => (dueMs[one] ?? 0) - (dueMs[other] ?? 0));
    this.#dueMs = Float64Array.from(order, (place) => dueMs[place] ?? 0);
    this.#tookMs = Float64Array.from(order, (place) => tookMs[place] ?? 0);
  }

  /** How many were due in a stretch, and the quantile of them; undefined of none. */
  quantileIn({ startMs, endMs }: Stretch, q: number): { readonly count: number; readonly ms: number | undefined } {
    const took = this.#tookMs.slice(bisectLeft(this.#dueMs, startMs), bisectLeft(this.#dueMs, endMs)).sort();
    return { count: took.length, ms: quantile(took, q) };
  }
}
