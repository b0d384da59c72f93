import type { Clock } from "./clock.ts";

export interface Lap {
  readonly step: string;
  readonly tookMs: number;
}

/** Says where time went: each `lap` is the time since the one before. */
export class Stopwatch {
  readonly laps: Lap[] = [];
  readonly #clock: Clock;
  #lastMs: number;

  constructor(clock: Clock) {
    this.#clock = clock;
    this.#lastMs = clock.nowMs();
  }

  lap(step: string): void {
    const nowMs = this.#clock.nowMs();
    this.laps.push({ step, tookMs: nowMs - this.#lastMs });
    this.#lastMs = nowMs;
  }

  /** Starts anew without a lap: the time since the last one is told elsewhere. */
  skip(): void {
    this.#lastMs = this.#clock.nowMs();
  }
}
