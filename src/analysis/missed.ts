import type { RunEvent } from "../recording/events.ts";
import { contains, type TimeWindow } from "./windows.ts";

/** Requests of an open loop that were due at a moment (to a tenth of a second) at a member, and never sent. */
export interface Missed {
  readonly member: string;
  readonly atMs: number;
  readonly count: number;
}

/** All that the load never sent, in the order in which it was given up. */
export function missedRequests(events: readonly RunEvent[]): Missed[] {
  return events.flatMap((event) => (event.type === "missed" ? event.requests : []));
}

/** How many of them were due in a window. */
export function missedIn(missed: readonly Missed[], window: Pick<TimeWindow, "startMs" | "endMs">): number {
  return missed.reduce((sum, { atMs, count }) => (contains(window, atMs) ? sum + count : sum), 0);
}
