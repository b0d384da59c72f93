import type { Clock } from "../clock.ts";

/** What it takes until all of a moment is in the run's folder: answers come within a second, and lines wait a tenth of one. */
const writtenAfterMs = 2_000;
const lookEveryMs = 1_000;
/** However long the recording is, no more than a tenth of the time goes into looking. */
const restPerLook = 9;

export interface ViolationSearch {
  /** Judges the recording as it stood at a moment; undefined while nothing is violated. */
  readonly look: (atMs: number) => Promise<string | undefined>;
  readonly clock: Clock;
  /** How long an operation of the load may take; 0 without load. */
  readonly timeoutMs: number;
}

/** Looks every second, or more seldom where looking takes long, until something is violated, and says what. */
export async function searchViolation({ look, clock, timeoutMs }: ViolationSearch): Promise<string> {
  // An operation may wait for its client as long as for its answer, and is written when it has ended.
  const settleMs = writtenAfterMs + 2 * timeoutMs;
  for (;;) {
    const startMs = clock.nowMs();
    const violation = await look(startMs - settleMs);
    if (violation !== undefined) return violation;
    const tookMs = clock.nowMs() - startMs;
    await clock.sleep(Math.max(lookEveryMs - tookMs, restPerLook * tookMs));
  }
}
