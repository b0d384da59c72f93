/** Lets many wait for their own moments, and lets all of them go at once. */
export class Sleepers {
  readonly #nowNs: () => number;
  readonly #wake = new Set<() => void>();
  #stopped = false;
  #lateMaxNs = 0;

  constructor(nowNs: () => number) {
    this.#nowNs = nowNs;
  }

  /** The longest that a sleeper was woken too late: what this machine and process add to every latency. */
  get lateMaxNs(): number {
    return this.#lateMaxNs;
  }

  /** Resolves at the moment or at most about a millisecond later, never before; true unless `stop` was called. */
  async until(atNs: number): Promise<boolean> {
    if (this.#nowNs() >= atNs) return !this.#stopped;
    while (!this.#stopped) {
      const leftNs = atNs - this.#nowNs();
      if (leftNs <= 0) {
        this.#lateMaxNs = Math.max(this.#lateMaxNs, -leftNs);
        return true;
      }
      // Timers count whole milliseconds: rather too early and once more than a millisecond late.
      await this.#nap(Math.max(1, Math.floor(leftNs / 1e6)));
    }
    return false;
  }

  /** Wakes all, now and from now on. */
  stop(): void {
    this.#stopped = true;
    for (const wake of this.#wake) wake();
  }

  #nap(durationMs: number): Promise<void> {
    return new Promise((resolve) => {
      const wake = (): void => {
        clearTimeout(timer);
        this.#wake.delete(wake);
        resolve();
      };
      const timer = setTimeout(wake, durationMs);
      this.#wake.add(wake);
    });
  }
}
