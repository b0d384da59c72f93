import { MonotonicClock, type Clock } from "../../src/clock.ts";

/** Real time that can be made to run faster, so that a limit of many seconds passes in a test. */
export class HastyClock implements Clock {
  readonly #real = new MonotonicClock();
  #speed: number;
  #fromMs = 0;
  #fromRealMs = 0;

  constructor(speed = 1) {
    this.#speed = speed;
  }

  nowMs(): number {
    return this.#fromMs + (this.#real.nowMs() - this.#fromRealMs) * this.#speed;
  }

  wallMs(): number {
    return this.#real.wallMs();
  }

  sleep(durationMs: number, signal?: AbortSignal): Promise<void> {
    return this.#real.sleep(durationMs / this.#speed, signal);
  }

  /** From now on so many times as fast as real time. */
  run(speed: number): void {
    this.#fromMs = this.nowMs();
    this.#fromRealMs = this.#real.nowMs();
    this.#speed = speed;
  }
}
