import type { Chunk } from "./chunk-queue.ts";
import type { Stage } from "./stage.ts";

/** setTimeout fires at once for anything longer. */
const longestTimerMs = 2 ** 31 - 1;

/** Thrown out of a toxic's `await` when its run is over; `Stage` catches it. */
export const interrupted = new Error("interrupted: another run of the toxic has taken over");

type WaitsFor = "input" | "room" | "time";

interface Waiter {
  readonly waitsFor: WaitsFor;
  readonly timer: NodeJS.Timeout | undefined;
  resolve(): void;
  reject(reason: Error): void;
}

/**
 * What a toxic sees of a stream: the chunk at the head of its queue, and what can
 * be done with it. A chunk stays in the queue until it is forwarded or dropped, so
 * an interruption while the toxic waits neither loses nor repeats anything.
 *
 * A flow serves one run of the toxic; once interrupted, every use of it throws.
 */
export class Flow {
  readonly random: () => number;
  readonly #stage: Stage;
  #waiter: Waiter | undefined;
  #interrupted = false;

  constructor(stage: Stage) {
    this.#stage = stage;
    this.random = stage.context.random;
  }

  nowMs(): number {
    return this.#stage.context.clock.nowMs();
  }

  /** Bytes that went on from here since the toxic was added to this connection. */
  get forwardedBytes(): number {
    return this.#stage.forwardedBytes;
  }

  /** The first chunk, still in the queue; or the stream's end. Waits for one of them, `untilMs` at the latest. */
  head(): Promise<Chunk | "end">;
  head(untilMs: number | undefined): Promise<Chunk | "end" | "late">;
  async head(untilMs?: number): Promise<Chunk | "end" | "late"> {
    for (;;) {
      const head = this.#stage.head;
      if (head) return head;
      if (untilMs !== undefined && this.nowMs() >= untilMs) return "late";
      await this.#wait("input", untilMs);
    }
  }

  /**
   * Passes on the head, or its first `bytes`, as soon as there is room for it.
   * `atMs` is the time that later latencies count from, its time of arrival unless told.
   */
  async forward({ bytes, atMs }: { bytes?: number; atMs?: number } = {}): Promise<void> {
    while (this.#stage.next.full) await this.#wait("room");
    this.#check();
    this.#stage.forward(bytes, atMs);
  }

  /** Throws the head away. */
  drop(): void {
    this.#check();
    this.#stage.drop();
  }

  /** Passes on the end of the stream, as it came. */
  finish(): void {
    this.#check();
    this.#stage.finish();
  }

  /** Closes the connection once what was forwarded has been written; the rest is dropped. */
  close(): void {
    this.#check();
    this.#stage.close();
  }

  /** Resets both sides of the connection at once. */
  reset(): void {
    this.#check();
    this.#stage.context.reset();
  }

  async sleepUntil(untilMs: number): Promise<void> {
    while (this.nowMs() < untilMs) await this.#wait("time", untilMs);
  }

  /** For the stage: something has come that a waiting toxic may have waited for. */
  wake(reason: WaitsFor): void {
    if (this.#waiter?.waitsFor === reason) this.#settle()?.resolve();
  }

  /** For the stage: ends this run. */
  interrupt(): void {
    this.#interrupted = true;
    this.#settle()?.reject(interrupted);
  }

  async #wait(waitsFor: WaitsFor, untilMs?: number): Promise<void> {
    this.#check();
    await new Promise<void>((resolve, reject) => {
      const timer = untilMs === undefined ? undefined : this.#wakeAt(untilMs);
      this.#waiter = { waitsFor, timer, resolve, reject };
    });
    this.#check();
  }

  #wakeAt(untilMs: number): NodeJS.Timeout {
    const delayMs = Math.min(Math.ceil(untilMs - this.nowMs()), longestTimerMs);
    return setTimeout(() => this.#settle()?.resolve(), delayMs);
  }

  #settle(): Waiter | undefined {
    const waiter = this.#waiter;
    this.#waiter = undefined;
    clearTimeout(waiter?.timer);
    return waiter;
  }

  #check(): void {
    if (this.#interrupted) throw interrupted;
  }
}
