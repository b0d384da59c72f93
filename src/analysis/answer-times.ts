import { bisectLeft } from "d3-array";

import { meantIn } from "./meant.ts";
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
    const sent = meantIn(operations, { startMs: -Infinity, endMs: Infinity }).filter(({ final }) => final !== true);
    const unsentMs = missed.flatMap(({ atMs, count }) => new Array<number>(count).fill(atMs)).sort((a, b) => a - b);
    this.#dueMs = new Float64Array(sent.length + unsentMs.length);
    this.#tookMs = new Float64Array(sent.length + unsentMs.length).fill(Infinity);
    let [length, unsent] = [0, 0];
    for (const operation of sent) {
      const atMs = operation.intendedNs / 1e6;
      for (let missedMs = unsentMs[unsent]; missedMs !== undefined && missedMs < atMs; missedMs = unsentMs[++unsent]) this.#dueMs[length++] = missedMs;
      if (operation.outcome === "ok") this.#tookMs[length] = latencyMs(operation);
      this.#dueMs[length++] = atMs;
    }
    this.#dueMs.set(unsentMs.slice(unsent), length);
  }

  /** How many were due in a stretch, and the quantile of them; undefined of none. */
  quantileIn({ startMs, endMs }: Stretch, q: number): { readonly count: number; readonly ms: number | undefined } {
    const took = this.#tookMs.slice(bisectLeft(this.#dueMs, startMs), bisectLeft(this.#dueMs, endMs)).sort();
    return { count: took.length, ms: quantile(took, q) };
  }
}
