import { setImmediate } from "node:timers/promises";

import type { Clock } from "../../src/clock.ts";

/** A clock that stands still until it is told to go on. */
export class ManualClock implements Clock {
  #nowMs = 0;
  #wallOffsetMs = 1_700_000_000_000;
  readonly #sleepers = new Set<{ readonly wakeMs: number; wake(): void }>();

  nowMs(): number {
    return this.#nowMs;
  }

  wallMs(): number {
    return this.#nowMs + this.#wallOffsetMs;
  }

  /** Sets the wall clock forward, or back where negative. */
  moveWall(byMs: number): void {
    this.#wallOffsetMs += byMs;
  }

  sleep(durationMs: number, signal?: AbortSignal): Promise<void> {
    return new Promise((resolve, reject) => {
      if (signal?.aborted) return reject(signal.reason);
      if (durationMs <= 0) return resolve();
      const onAbort = (): void => {
        this.#sleepers.delete(sleeper);
        reject(signal?.reason);
      };
      const sleeper = {
        wakeMs: this.#nowMs + durationMs,
        wake: (): void => {
          signal?.removeEventListener("abort", onAbort);
          resolve();
        },
      };
      this.#sleepers.add(sleeper);
      signal?.addEventListener("abort", onAbort, { once: true });
    });
  }

  /** Goes on by so much, waking every sleeper at its own time and letting it act. */
  async advance(durationMs: number): Promise<void> {
    const endMs = this.#nowMs + durationMs;
    for (;;) {
      await setImmediate();
      const due = [...this.#sleepers].filter(({ wakeMs }) => wakeMs <= endMs).sort((a, b) => a.wakeMs - b.wakeMs)[0];
      if (due === undefined) break;
      this.#sleepers.delete(due);
      this.#nowMs = due.wakeMs;
      due.wake();
    }
    this.#nowMs = endMs;
  }
}
