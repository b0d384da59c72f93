import type { Clock } from "../clock.ts";
import type { AbortConditions } from "../scenario/scenario.ts";
import { formatDuration } from "../units/duration.ts";

/** What is watched of a run while its timeline is played. */
export interface Watched {
  readonly clock: Clock;
  /** Who leads; undefined while nobody does. */
  readonly leader: () => string | undefined;
  /** When an operation was last acknowledged; undefined where there is no load. */
  readonly acknowledgedMs: () => number | undefined;
  /** Which assertion is violated, and by what; undefined while none is. */
  readonly violation: () => string | undefined;
}

const lookEveryMs = 100;

/** Waits until a condition is met, and says which; undefined once the signal is aborted. */
export async function untilAbort({ noLeaderForMs, nothingAcknowledgedForMs }: Omit<AbortConditions, "violated">, { clock, leader, acknowledgedMs, violation }: Watched, signal: AbortSignal): Promise<string | undefined> {
  let ledMs = clock.nowMs();
  for (;;) {
    const nowMs = clock.nowMs();
    if (leader() !== undefined) ledMs = nowMs;
    if (noLeaderForMs !== undefined && nowMs - ledMs >= noLeaderForMs) return `no leader for ${formatDuration(noLeaderForMs)}`;
    if (nothingAcknowledgedForMs !== undefined && nowMs - (acknowledgedMs() ?? nowMs) >= nothingAcknowledgedForMs) return `nothing acknowledged for ${formatDuration(nothingAcknowledgedForMs)}`;
    const violated = violation();
    if (violated !== undefined) return violated;
    if (signal.aborted || !(await clock.sleep(lookEveryMs, signal).then(() => true, () => false))) return undefined;
  }
}
