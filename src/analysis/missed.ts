import { group } from "d3-array";

import type { RunEvent } from "../recording/events.ts";
import type { Operation } from "../recording/operation.ts";
import { contains, type TimeWindow } from "./windows.ts";

/** Requests of an open loop that were due at a moment (to a tenth of a second) at a member, and never sent. */
export interface Missed {
  readonly member: string;
  readonly atMs: number;
  readonly count: number;
  /** The first and the last of the clients of their workload, where there are several. */
  readonly clients?: readonly [number, number] | undefined;
}

/** All that the load never sent, in the order in which it was given up. */
export function missedRequests(events: readonly RunEvent[]): Missed[] {
  return events.flatMap((event) => (event.type === "missed" ? event.requests : []));
}

/** How many of them were due in a window. */
export function missedIn(missed: readonly Missed[], window: Pick<TimeWindow, "startMs" | "endMs">): number {
  return missed.reduce((sum, { atMs, count }) => (contains(window, atMs) ? sum + count : sum), 0);
}

/** What one workload never sent, and how much of it would have been of a kind. */
export interface MissedShare {
  readonly missed: readonly Missed[];
  /** From 0 to 1. */
  readonly share: number;
}

/**
 * What each workload never sent. What a request would have been is drawn when it is sent: those never sent count by the
 * share that the kind has of all that the same workload sent, or, where it sent nothing, of all.
 */
export function missedShares(missed: readonly Missed[], operations: readonly Operation[], isKind: (operation: Operation) => boolean): MissedShare[] {
  return [...group(missed, ({ clients }) => String(clients)).values()].map((ofOne) => {
    const [from, to] = ofOne[0]?.clients ?? [-Infinity, Infinity];
    const own = operations.filter(({ client }) => client >= from && client <= to);
    const drawn = own.length > 0 ? own : operations;
    return { missed: ofOne, share: drawn.length === 0 ? 1 : drawn.filter(isKind).length / drawn.length };
  });
}
