import { bisectRight, quickselect } from "d3-array";

import { latencyMs, type Operation } from "../recording/operation.ts";
import type { Stretch } from "./coverage.ts";
import { quantilesOf } from "./latency.ts";

/** Operations that were meant to start in a stretch of time. Latencies are those of the ok ones. */
export interface StretchFigures {
  readonly attempted: number;
  readonly ok: number;
  readonly p50Ms: number | undefined;
  readonly p99Ms: number | undefined;
}

interface Piece {
  attempted: number;
  readonly latenciesMs: number[];
}

/**
 * The figures of each of some stretches, which may overlap: the operations are looked at once, however many stretches there
 * are. The reads after the load's end are nobody's.
 */
export function stretchFigures(operations: readonly Operation[], stretches: readonly Stretch[]): StretchFigures[] {
  const edges = Float64Array.from(new Set(stretches.flatMap(({ startMs, endMs }) => [startMs, endMs]))).sort();
  const pieces = Array.from(edges, (): Piece => ({ attempted: 0, latenciesMs: [] }));
  for (const operation of operations) {
    if (operation.final === true) continue;
    const piece = pieces[bisectRight(edges, operation.intendedNs / 1e6) - 1];
    if (piece === undefined) continue;
    piece.attempted += 1;
    if (operation.outcome === "ok") piece.latenciesMs.push(latencyMs(operation));
  }
  return stretches.map(({ startMs, endMs }) => figuresOf(pieces.slice(edges.indexOf(startMs), startMs < endMs ? edges.indexOf(endMs) : edges.indexOf(startMs))));
}

function figuresOf(pieces: readonly Piece[]): StretchFigures {
  // `flatMap` takes ten times as long.
  const latenciesMs = new Array<number>().concat(...pieces.map((piece) => piece.latenciesMs));
  const [p50Ms, p99Ms] = quantilesOf(latenciesMs, [0.5, 0.99]);
  return { attempted: pieces.reduce((sum, { attempted }) => sum + attempted, 0), ok: latenciesMs.length, p50Ms, p99Ms };
}

/**
 * The slowest of some operations, in their own order, with all that took as long as the last of so many: enough to be put in order where
 * putting all in order takes most of a second a million.
 */
export function slowest(operations: readonly Operation[], count: number): Operation[] {
  const place = operations.length - count;
  const tookMs = Float64Array.from(operations.map(latencyMs));
  quickselect(tookMs, place);
  const leastMs = tookMs[place] ?? -Infinity;
  return operations.filter((operation) => latencyMs(operation) >= leastMs);
}
