import type { Clock } from "../clock.ts";

export interface CadenceOptions {
  readonly clock: Clock;
  readonly everyMs: number;
  readonly signal: AbortSignal;
}

/**
 * Runs a task at start + n · everyMs until the signal aborts, then resolves once the
 * task under way is over. Ticks are reckoned from the start, so lateness does not add up; ticks
 * that come while the task still runs are left out, so a slow task never piles up.
 */
export async function everyTick(
  { clock, everyMs, signal }: CadenceOptions,
  task: () => Promise<void>,
): Promise<void> {
  const startMs = clock.nowMs();
  let tick = 0;
  for (;;) {
    try {
      await clock.sleep(startMs + tick * everyMs - clock.nowMs(), signal);
    } catch (thrown) {
      if (signal.aborted) return;
      throw thrown;
    }
    await task();
    tick = Math.max(tick + 1, Math.ceil((clock.nowMs() - startMs) / everyMs));
  }
}
