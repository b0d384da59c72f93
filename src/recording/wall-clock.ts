import type { RunEvent } from "./events.ts";

type ClockEvent = Extract<RunEvent, { type: "clock" }>;

/**
 * Puts wall-clock times on the run's clock, for one log that is read from its beginning. Each `clock`
 * event holds until the next. Where the wall clock was moved, several events could explain a time, or
 * none, since a move is noticed late: the one is taken that is least at odds with the time it holds
 * for and with what was read before.
 */
export class WallClockMap {
  readonly #events: readonly ClockEvent[];
  #current = 0;
  #lastMs = -Infinity;

  /** Without any `clock` event everything is at 0. */
  constructor(events: readonly RunEvent[]) {
    this.#events = events.filter((event) => event.type === "clock");
  }

  /** Milliseconds on the run's clock, negative before it began; never less than what it gave before. */
  toRunMs(wallMs: number): number {
    let best: { index: number; atMs: number; oddsMs: number } | undefined;
    for (let index = this.#current; index < this.#events.length && best?.oddsMs !== 0; index += 1) {
      const explained = this.#explain(index, wallMs);
      if (best === undefined || explained.oddsMs < best.oddsMs) best = explained;
    }
    if (best === undefined) return 0;
    this.#current = best.index;
    this.#lastMs = Math.max(this.#lastMs, best.atMs);
    return this.#lastMs;
  }

  #explain(index: number, wallMs: number): { index: number; atMs: number; oddsMs: number } {
    const event = this.#events[index];
    if (event === undefined) return { index, atMs: 0, oddsMs: Infinity };
    const atMs = wallMs - event.wallMs + event.atMs;
    const fromMs = Math.max(index === 0 ? -Infinity : event.atMs, this.#lastMs);
    const untilMs = this.#events[index + 1]?.atMs ?? Infinity;
    return { index, atMs, oddsMs: Math.max(0, fromMs - atMs, atMs - untilMs) };
  }
}
