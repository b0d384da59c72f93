import type { Clock } from "../../clock.ts";

/** As long as the kernel's own period for limits on CPU time. */
const periodMs = 100;
/** However late our timers were: a freeze near an election timeout would be another fault. */
const freezeMaxMs = 4 * periodMs;

/** Lets a process run for a share of the time only, by freezing and thawing it. */
export class DutyCycle {
  readonly #share: number;
  readonly #clock: Clock;
  readonly #signal: (name: "SIGSTOP" | "SIGCONT") => void;
  readonly #ending = new AbortController();
  readonly #ended: Promise<void>;
  #suspended = false;

  constructor(share: number, clock: Clock, signal: (name: "SIGSTOP" | "SIGCONT") => void) {
    this.#share = share;
    this.#clock = clock;
    this.#signal = signal;
    this.#ended = this.#run();
  }

  /** True while it freezes and thaws. */
  get cycling(): boolean {
    return !this.#suspended;
  }

  /** Sends nothing from now on: somebody else freezes the process. */
  suspend(): void {
    this.#suspended = true;
  }

  resume(): void {
    this.#suspended = false;
  }

  /** Idempotent. The process runs then, unless somebody else has frozen it. */
  async end(): Promise<void> {
    this.#ending.abort();
    await this.#ended;
    this.#send("SIGCONT");
  }

  async #run(): Promise<void> {
    const { signal } = this.#ending;
    while (!signal.aborted) {
      const thawedMs = this.#clock.nowMs();
      await this.#wait(this.#share * periodMs);
      const ranMs = this.#clock.nowMs() - thawedMs;
      if (signal.aborted) return;
      this.#send("SIGSTOP");
      // From what it had, not what it should have had: timers are late, most of all on a busy machine.
      await this.#wait(Math.min(freezeMaxMs, (ranMs * (1 - this.#share)) / this.#share));
      this.#send("SIGCONT");
    }
  }

  #send(name: "SIGSTOP" | "SIGCONT"): void {
    if (!this.#suspended) this.#signal(name);
  }

  async #wait(durationMs: number): Promise<void> {
    await this.#clock.sleep(durationMs, this.#ending.signal).catch(() => undefined);
  }
}
