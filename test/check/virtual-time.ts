/** Time that passes only while all wait for it: whoever waits the least is next. Nanoseconds. */
export class VirtualTime {
  nowNs = 0;
  readonly #waiting: { readonly atNs: number; readonly wake: () => void }[] = [];

  sleepUntil(atNs: number): Promise<void> {
    return new Promise((wake) => {
      const place = this.#waiting.findIndex((each) => each.atNs > atNs);
      this.#waiting.splice(place < 0 ? this.#waiting.length : place, 0, { atNs, wake });
    });
  }

  sleep(durationNs: number): Promise<void> {
    return this.sleepUntil(this.nowNs + durationNs);
  }

  /** Lets time pass until something is done. */
  async passUntil(done: Promise<unknown>): Promise<void> {
    let isDone = false;
    void done.then(() => (isDone = true));
    for (;;) {
      // Whoever woke up does all that takes no time.
      await new Promise((resolve) => setImmediate(resolve));
      if (isDone) return;
      const next = this.#waiting.shift();
      if (next === undefined) throw new Error("nobody waits for anything, and it is not done");
      this.nowNs = Math.max(this.nowNs, next.atNs);
      next.wake();
    }
  }
}
