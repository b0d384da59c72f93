import { faultSpans, type FigureName } from "../analysis/key-figures.ts";
import { missedRequests } from "../analysis/missed.ts";
import { contains, runWindow, type TimeWindow } from "../analysis/windows.ts";
import { latencyMs } from "../recording/operation.ts";
import type { Recording } from "../recording/recording.ts";
import { Blocks, type Timed } from "../statistics/blocks.ts";
import type { FigureOperations } from "./side.ts";

/** Latencies of real runs stay alike for half a second and more: neighbours of 250 ms are correlated by 0.4, of a second hardly. */
const blockMs = 1_000;

/** The operations behind those figures of a run that are made of many. */
export function figureOperations(recording: Recording): Map<FigureName, FigureOperations> {
  const { before, during, after } = faultSpans(recording);
  const spans = { before, during, after } as const;
  const found = new Map<FigureName, FigureOperations>();
  for (const part of ["before", "during", "after"] as const) {
    const window = spans[part];
    if (window === undefined) continue;
    const blocks = new Blocks(putLatencies(recording, window), window, blockMs);
    found.set(`put-p50-${part}`, { blocks, quantile: 0.5 });
    found.set(`put-p99-${part}`, { blocks, quantile: 0.99 });
  }
  const window = runWindow(recording);
  if (window.startMs < window.endMs) found.set("availability", { blocks: new Blocks(answers(recording), window, blockMs), quantile: undefined });
  return found;
}

function putLatencies({ operations }: Recording, window: TimeWindow): Timed[] {
  return operations.flatMap((operation): Timed[] => {
    const atMs = operation.intendedNs / 1e6;
    return operation.op === "put" && operation.outcome === "ok" && operation.final !== true && contains(window, atMs) ? [{ atMs, value: latencyMs(operation) }] : [];
  });
}

/** 1 for what was ok and 0 for what was not, or was never sent. */
function answers({ operations, events }: Recording): Timed[] {
  const sent = operations.flatMap(({ intendedNs, outcome, final }) => (final === true ? [] : [{ atMs: intendedNs / 1e6, value: outcome === "ok" ? 1 : 0 }]));
  const unsent = missedRequests(events).flatMap(({ atMs, count }) => Array.from({ length: count }, () => ({ atMs, value: 0 })));
  return [...sent, ...unsent];
}
