import type { Outcome } from "../recording/operation.ts";
import type { Workload } from "./workload.ts";

/** When a client's next request is wanted. Times are nanoseconds on the run's clock. */
export interface Slot {
  readonly atNs: number;
  /** Slots before this one that were given up on the way to it. */
  readonly missed: number;
}

/** When the requests of one client are wanted. */
export interface Schedule {
  /** The next slot; `last` is how the client's last operation ended. */
  next(nowNs: number, last: Outcome | undefined): Slot;
  /** The slot was used. */
  take(): void;
  /** When the next slot is wanted; infinite while that depends on an answer. */
  readonly dueNs: number;
  /** Gives up the slots before `beforeNs`, and says how many they were. */
  giveUp(beforeNs: number): number;
}

/** The schedule of one of a workload's clients. An open loop's clients take turns at equal distances. */
export function scheduleOf({ pacing, clients, timeoutMs }: Workload, client: number, startNs: number): Schedule {
  if (pacing.kind === "closed") return new ClosedLoop(startNs, pacing.thinkMs * 1e6);
  const intervalNs = (clients / pacing.ratePerSecond) * 1e9;
  return new OpenLoop(startNs + (client / clients) * intervalNs, intervalNs, timeoutMs * 1e6);
}

/**
 * A slot every `intervalNs`, whatever the answers. A client that was held up takes the slots that passed
 * meanwhile at once and one after the other, since those who wanted them are still waiting; but not those that
 * are late by more than the time-out, whose people have given up. So what follows a stall is never more than
 * one time-out's worth of requests, and what was given up is counted.
 */
export class OpenLoop implements Schedule {
  readonly #firstNs: number;
  readonly #intervalNs: number;
  readonly #lateMaxNs: number;
  /** Slots that were taken or given up. */
  #passed = 0;

  constructor(firstNs: number, intervalNs: number, lateMaxNs: number) {
    this.#firstNs = firstNs;
    this.#intervalNs = intervalNs;
    this.#lateMaxNs = lateMaxNs;
  }

  get dueNs(): number {
    return Math.round(this.#firstNs + this.#passed * this.#intervalNs);
  }

  next(nowNs: number): Slot {
    const missed = this.giveUp(nowNs - this.#lateMaxNs);
    return { atNs: this.dueNs, missed };
  }

  take(): void {
    this.#passed += 1;
  }

  giveUp(beforeNs: number): number {
    const passed = Math.max(this.#passed, Math.ceil((beforeNs - this.#firstNs) / this.#intervalNs));
    const missed = passed - this.#passed;
    this.#passed = passed;
    return missed;
  }
}

/** A refused connection is answered in a millisecond: without a rest a client would do nothing but be refused. */
const restAfterFailNs = 20e6;

/** The next request as soon as the last is answered and the client has thought. */
export class ClosedLoop implements Schedule {
  readonly dueNs = Infinity;
  readonly #startNs: number;
  readonly #thinkNs: number;

  constructor(startNs: number, thinkNs: number) {
    this.#startNs = startNs;
    this.#thinkNs = thinkNs;
  }

  next(nowNs: number, last: Outcome | undefined): Slot {
    const pauseNs = last === "fail" ? Math.max(this.#thinkNs, restAfterFailNs) : this.#thinkNs;
    return { atNs: last === undefined ? Math.max(this.#startNs, nowNs) : nowNs + pauseNs, missed: 0 };
  }

  take(): void {
    // The next slot comes from the answer.
  }

  giveUp(): number {
    return 0;
  }
}
