import { bisectLeft, bisectRight } from "d3-array";

import type { Operation } from "../recording/operation.ts";
import { remembered } from "../remembered.ts";
import { formatDuration } from "../units/duration.ts";
import type { TimeWindow } from "./windows.ts";

/** A stretch without an acknowledged write although writes were attempted. */
export interface Outage {
  readonly startMs: number;
  readonly endMs: number;
  /** Writes that waited, or were begun, in it. */
  readonly attempted: number;
}

/** The kinds of operations by which clients write keys. */
export const writingKinds: ReadonlySet<string> = new Set(["put", "delete", "txn", "guarded-write"]);

/** Whether a client wanted to write keys: a transaction in one of its branches at least. */
export function isWrite(operation: Operation): boolean {
  if (operation.op !== "txn") return writingKinds.has(operation.op);
  return [...operation.success, ...operation.failure].some(({ op }) => op === "put" || op === "delete");
}

type Window = Pick<TimeWindow, "startMs" | "endMs">;

/**
 * The outages of writes in a window, in order of time. One lasts from an acknowledged write's return
 * to the next one's, or, where no write waited at the first return, from the start of the next write:
 * time without attempts is never an outage. Before the first acknowledgement it begins with the first
 * attempt, after the last it ends with the last attempt's return.
 *
 * Under a usual load there is a very short one between any two writes; it is the long ones that tell.
 */
export function unavailability(operations: readonly Operation[], window: Window): readonly Outage[] {
  const last = latest.get(operations);
  if (last?.window.startMs === window.startMs && last.window.endMs === window.endMs) return last.outages;
  const outages = outagesIn(operations, window);
  latest.set(operations, { window, outages });
  return outages;
}

/** Assertions, report and figures ask of the same window, that of the run, one after the other. */
const latest = new WeakMap<readonly Operation[], { readonly window: Window; readonly outages: readonly Outage[] }>();

function outagesIn(operations: readonly Operation[], window: Window): Outage[] {
  const { starts, returns, acks } = writeTimes(operations);
  const outages: Outage[] = [];
  const first = bisectLeft(acks, window.startMs);
  const last = bisectRight(acks, window.endMs);
  // What is asked of these only grows, so that each walks its times once.
  const [begun, ended, begunInIt, endedBefore] = [new Walk(starts), new Walk(returns), new Walk(starts), new Walk(returns)];
  for (let index = first; index <= last; index += 1) {
    const fromMs = acks[index - 1] ?? -Infinity;
    const untilMs = acks[index] ?? returns.at(-1) ?? -Infinity;
    const waiting = begun.upTo(fromMs) > ended.upTo(fromMs);
    const beganMs = waiting ? fromMs : (starts[begun.upTo(fromMs)] ?? Infinity);
    const startMs = Math.max(beganMs, window.startMs);
    const endMs = Math.min(untilMs, window.endMs);
    if (startMs >= endMs) continue;
    const attempted = begunInIt.below(endMs) - endedBefore.upTo(startMs);
    if (attempted > 0) outages.push({ startMs, endMs, attempted });
  }
  return outages;
}

interface WriteTimes {
  readonly starts: Float64Array;
  readonly returns: Float64Array;
  readonly acks: Float64Array;
}

/** When writes were meant to start, returned and were acknowledged, each in ascending order. */
const writeTimes = remembered((operations: readonly Operation[]): WriteTimes => {
  const [starts, returns, acks] = [new Float64Array(operations.length), new Float64Array(operations.length), new Float64Array(operations.length)];
  let [writes, acked] = [0, 0];
  for (const operation of operations) {
    if (!isWrite(operation)) continue;
    starts[writes] = operation.intendedNs / 1e6;
    returns[writes] = operation.returnNs / 1e6;
    writes += 1;
    if (operation.outcome === "ok") acks[acked++] = operation.returnNs / 1e6;
  }
  return { starts: starts.slice(0, writes).sort(), returns: returns.slice(0, writes).sort(), acks: acks.slice(0, acked).sort() };
});

/** Counts times, which ascend, up to moments that do not go back. */
class Walk {
  readonly #times: Float64Array;
  #passed = 0;

  constructor(times: Float64Array) {
    this.#times = times;
  }

  upTo(atMs: number): number {
    while ((this.#times[this.#passed] ?? Infinity) <= atMs) this.#passed += 1;
    return this.#passed;
  }

  below(atMs: number): number {
    while ((this.#times[this.#passed] ?? Infinity) < atMs) this.#passed += 1;
    return this.#passed;
  }
}

/** `no write acknowledged for 2.81 s, 77 attempted`. */
export function outageText({ startMs, endMs, attempted }: Outage): string {
  return `no write acknowledged for ${formatDuration(endMs - startMs)}, ${attempted} attempted`;
}

/** The outage that lasts longest; undefined of none. */
export function longestOutage(outages: readonly Outage[]): Outage | undefined {
  return outages.reduce<Outage | undefined>((best, each) => (best !== undefined && best.endMs - best.startMs >= each.endMs - each.startMs ? best : each), undefined);
}
