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
    const sent = operations.filter(({ final }) => final !== true).map((operation) => [operation.intendedNs / 1e6, operation.outcome === "ok" ? latencyMs(operation) : Infinity] as const);
    const unsent = missed.flatMap(({ atMs, count }) => Array.from({ length: count }, () => [atMs, Infinity] as const));
    const all = [...sent, ...unsent].sort(([one], [other]) => one - other);
    this.#dueMs = Float64Array.from(all, ([dueMs]) => dueMs);
    this.#tookMs = Float64Array.from(all, ([, tookMs]) => tookMs);
  }

  /** How many were due in a stretch, and the quantile of them; undefined of none. */
  quantileIn({ startMs, endMs }: Stretch, q: number): { readonly count: number; readonly ms: number | undefined } {
    const took = this.#tookMs.slice(bisectLeft(this.#dueMs, startMs), bisectLeft(this.#dueMs, endMs)).sort();
    return { count: took.length, ms: quantile([...took], q) };
  }
}
