import { setTimeout as delay } from "node:timers/promises";

/**
 * The one clock of a run. Everything recorded is put on it: milliseconds since
 * the run began, monotonic, with microsecond resolution.
 */
export interface Clock {
  /** Milliseconds since the run began. */
  nowMs(): number;
  /** The wall clock, milliseconds since 1970: only to map log lines and to show dates. */
  wallMs(): number;
  /** Resolves after so many milliseconds; rejects with the signal's reason when aborted. */
  sleep(durationMs: number, signal?: AbortSignal): Promise<void>;
}

/**
 * A clock that other processes of this machine can share: CLOCK_MONOTONIC is one for
 * all of them, so an origin in its nanoseconds is all that has to be handed over.
 */
export class MonotonicClock implements Clock {
  readonly originNs: bigint;

  constructor(originNs: bigint = process.hrtime.bigint()) {
    this.originNs = originNs;
  }

  nowMs(): number {
    return Number(process.hrtime.bigint() - this.originNs) / 1e6;
  }

  wallMs(): number {
    return Date.now();
  }

  async sleep(durationMs: number, signal?: AbortSignal): Promise<void> {
    signal?.throwIfAborted();
    if (durationMs > 0) await delay(durationMs, undefined, signal ? { signal } : {});
  }
}

/** Waits until `condition` gives a value, asking every `everyMs`; undefined when `limitMs` have passed without one. */
export async function waitFor<T>(
  clock: Clock,
  condition: () => Promise<T | undefined> | T | undefined,
  { limitMs, everyMs = 20, signal }: { limitMs: number; everyMs?: number; signal?: AbortSignal },
): Promise<T | undefined> {
  const endMs = clock.nowMs() + limitMs;
  for (;;) {
    const value = await condition();
    if (value !== undefined) return value;
    if (clock.nowMs() >= endMs) return undefined;
    await clock.sleep(everyMs, signal);
  }
}

/** True for what waiting throws when the signal is aborted. */
export function isAbort(error: unknown, { aborted, reason }: AbortSignal): boolean {
  return aborted && (error === reason || (error instanceof Error && error.name === "AbortError"));
}

const timerMaxMs = 2 ** 31 - 1;

/**
 * A signal that aborts after so long, to be used instead of `AbortSignal.timeout`: on Node 20
 * that one is forgotten by the garbage collector once it is in an `AbortSignal.any`, and whoever
 * waits with it waits for ever.
 */
export function timeLimit(limitMs: number): AbortSignal {
  const controller = new AbortController();
  const timeUp = (): void => controller.abort(new DOMException("The operation was aborted due to timeout", "TimeoutError"));
  setTimeout(timeUp, Math.min(Math.ceil(limitMs), timerMaxMs)).unref();
  return controller.signal;
}
