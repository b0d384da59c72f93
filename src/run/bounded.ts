import type { Clock } from "../clock.ts";
import { HarnessError } from "../errors.ts";
import { formatDuration } from "../units/duration.ts";

export interface Bound {
  readonly clock: Clock;
  readonly limitMs: number;
  /** What was begun, for the error: `healing`. */
  readonly what: string;
  /** Once it is aborted, only the grace is left. */
  readonly signal?: AbortSignal;
  readonly graceMs?: number;
}

/**
 * What the work gives, or a HarnessError `fault` once it takes longer than it may. The work has limits of
 * its own; this one is for those that fail it, so that one fault never keeps a run from its end.
 */
export async function bounded<T>(work: Promise<T>, { clock, limitMs, what, signal, graceMs = 0 }: Bound): Promise<T> {
  const over = new AbortController();
  const limits = [clock.sleep(limitMs, over.signal)];
  if (signal !== undefined) limits.push(aborted(signal, over.signal).then(() => clock.sleep(graceMs, over.signal)));
  const late = Promise.any(limits).then(
    (): T => {
      throw new HarnessError("fault", `${what} had no end within ${formatDuration(limitMs)}`);
    },
    () => work,
  );
  try {
    return await Promise.race([work, late]);
  } finally {
    over.abort();
  }
}

/** Listens no longer than until it is over. */
function aborted(signal: AbortSignal, over: AbortSignal): Promise<void> {
  return new Promise((resolve) => (signal.aborted ? resolve() : signal.addEventListener("abort", () => resolve(), { once: true, signal: over })));
}
