import { HarnessError } from "../../errors.ts";

/** The monotonic clock of a member's process, by which it counts leases, timeouts and ticks; that of no other process. */
export interface ProcessClock {
  /** Sets it ahead at once; so it stays until the process ends. Never back: no monotonic clock does that. @throws HarnessError `fault` where there is no process */
  jump(byMs: number): Promise<ClockChange>;
  /** Lets it run at so many times the true speed from now on, also over restarts. 1 is the true one, and always taken. @throws HarnessError `fault` where there is no process */
  pace(rate: number): Promise<void>;
  /** Read back from the process; undefined where there is none. */
  read(): Promise<ClockReading | undefined>;
}

export interface ClockReading {
  /** How far it is ahead of the machine's. */
  readonly aheadMs: number;
  readonly rate: number;
}

/** As read in the process before a change and after it. */
export interface ClockChange {
  readonly before: ClockReading;
  readonly after: ClockReading;
}

/** Runs the clock's program on the member's process, with these arguments behind the pid; undefined where there is no process. */
export type RunOnProcess = (args: readonly string[]) => Promise<string | undefined>;

/** Goes by `clock-shim.c`. A new process has a true clock, and is given the pace that is in force. */
export class ShimmedClock implements ProcessClock {
  readonly #run: RunOnProcess;
  #rate = 1;
  #last: Promise<unknown> = Promise.resolve();

  constructor(run: RunOnProcess) {
    this.#run = run;
  }

  jump(byMs: number): Promise<ClockChange> {
    return this.#inTurn(async () => {
      const [before = "", after = ""] = demand(await this.#run(["jump", String(Math.round(byMs * 1e6))])).split("\n");
      return { before: readingIn(before), after: readingIn(after) };
    });
  }

  pace(rate: number): Promise<void> {
    return this.#inTurn(async () => {
      if (rate === this.#rate) return;
      const printed = await this.#run(paceOf(rate));
      if (rate !== 1) demand(printed);
      this.#rate = rate;
    });
  }

  read(): Promise<ClockReading | undefined> {
    return this.#inTurn(async () => {
      const printed = await this.#run(["read"]);
      return printed === undefined ? undefined : readingIn(printed);
    });
  }

  /** For a process that has just begun. */
  renew(): Promise<void> {
    return this.#inTurn(async () => {
      if (this.#rate !== 1) await this.#run(paceOf(this.#rate));
    });
  }

  /** One change at a time: each goes on from the one before. */
  #inTurn<T>(action: () => Promise<T>): Promise<T> {
    const turn = this.#last.then(action);
    this.#last = turn.catch(() => undefined);
    return turn;
  }
}

function paceOf(rate: number): string[] {
  return ["rate", String(Math.round(rate * 1e6))];
}

function demand(printed: string | undefined): string {
  if (printed !== undefined) return printed;
  throw new HarnessError("fault", "a member that is down has no clock that could be changed");
}

function readingIn(printed: string): ClockReading {
  const [, ahead, rate] = /^(-?\d+) (\d+)$/.exec(printed.trim()) ?? [];
  if (ahead === undefined) throw new HarnessError("fault", `the clock of the process cannot be read: ${printed.trim()}`);
  return { aheadMs: Number(ahead) / 1e6, rate: Number(rate) / 1e6 };
}
