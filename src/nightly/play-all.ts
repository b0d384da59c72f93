import type { Clock } from "../clock.ts";
import { adaptedJobs, type Jobs } from "./jobs.ts";
import type { Attempt, JobsChange, Turn, TurnEnd } from "./nightly.ts";
import { expectedMs, fits } from "./time.ts";

/** What a run says of itself; how many there were beside it is known outside. */
export type Played = Omit<Attempt, "why" | "beside">;

export interface Playing {
  readonly clock: Pick<Clock, "nowMs">;
  /** Aborted, nothing more is started. */
  readonly signal: AbortSignal;
  readonly retries: number;
  /** Counted from the clock's zero. */
  readonly limitMs: number | undefined;
  readonly jobs: Pick<Jobs, "jobs">;
  /** Whether the number of jobs follows what runs feel of each other. */
  readonly adapts: boolean;
  play(turn: Turn): Promise<Played>;
  /** An attempt has ended. */
  onEnd(turn: Turn, attempt: Attempt): void;
}

export interface AllPlayed {
  readonly ends: ReadonlyMap<Turn, TurnEnd>;
  readonly changes: readonly JobsChange[];
}

/**
 * Plays all turns in their order, some side by side. What did not pass is then repeated with nothing beside it: once where
 * it had company, and as often as retries were asked for, until it passes; all attempts are kept.
 */
export async function playAll(turns: readonly Turn[], playing: Playing): Promise<AllPlayed> {
  const players = new Players(playing);
  for (const turn of await players.sideBySide(turns)) await players.repeat(turn);
  return { ends: players.ends, changes: players.changes };
}

/** How many others there were at most, while a run goes on. */
interface Company {
  most: number;
}

class Players {
  readonly ends = new Map<Turn, TurnEnd>();
  readonly changes: JobsChange[] = [];
  readonly #playing: Playing;
  readonly #besideMs: number[] = [];
  #jobs: number;

  constructor(playing: Playing) {
    this.#playing = playing;
    this.#jobs = playing.jobs.jobs;
  }

  /** The first attempt of each. @returns those that are to be looked at again, in order */
  async sideBySide(turns: readonly Turn[]): Promise<Turn[]> {
    const waiting = [...turns];
    const running = new Map<Turn, { readonly company: Company; readonly ended: Promise<Turn> }>();
    for (;;) {
      while (running.size < this.#jobs) {
        const turn = this.#next(waiting);
        if (turn === undefined) break;
        const company = { most: 0 };
        running.set(turn, { company, ended: this.#first(turn, company) });
        for (const each of running.values()) each.company.most = Math.max(each.company.most, running.size - 1);
      }
      if (running.size === 0) break;
      running.delete(await Promise.race([...running.values()].map(({ ended }) => ended)));
    }
    return turns.filter((turn) => this.ends.get(turn)?.kind === "played");
  }

  /** Again, alone, until it passes or has had its repetitions. */
  async repeat(turn: Turn): Promise<void> {
    const end = this.ends.get(turn);
    if (end?.kind !== "played") return;
    const attempts = [...end.attempts];
    const left: Attempt["why"][] = [...((attempts[0]?.beside ?? 0) > 0 ? ["alone" as const] : []), ...Array.from({ length: this.#playing.retries }, () => "retry" as const)];
    for (const why of left) {
      if (attempts.at(-1)?.outcome === "pass") return;
      const because = this.#whyNot(turn);
      if (because !== undefined) return void this.ends.set(turn, { kind: "played", attempts, unrepeated: because });
      attempts.push(await this.#attempt(turn, why, { most: 0 }));
      this.ends.set(turn, { kind: "played", attempts: [...attempts] });
    }
  }

  async #first(turn: Turn, company: Company): Promise<Turn> {
    this.ends.set(turn, { kind: "played", attempts: [await this.#attempt(turn, "first", company)] });
    return turn;
  }

  async #attempt(turn: Turn, why: Attempt["why"], company: Company): Promise<Attempt> {
    const { clock, play, onEnd } = this.#playing;
    const played = await play(turn);
    const ended: Attempt = { why, beside: company.most, ...played };
    if (ended.outcome === "pass" || ended.outcome === "fail") this.#besideMs.push(Math.max(0, ended.tookMs - turn.timelineMs));
    this.#adapt(turn, ended, clock.nowMs());
    onEnd(turn, ended);
    return ended;
  }

  #adapt({ scenario }: Turn, attempt: Attempt, afterMs: number): void {
    const { adapts, jobs } = this.#playing;
    const adapted = adapts ? adaptedJobs(this.#jobs, jobs.jobs, attempt) : undefined;
    if (adapted === undefined) return;
    this.#jobs = adapted.jobs;
    this.changes.push({ afterMs: Math.round(afterMs), jobs: adapted.jobs, because: `${scenario}: ${adapted.because}` });
  }

  /** The next one that may start; those that may not are done with. */
  #next(waiting: Turn[]): Turn | undefined {
    for (let turn = waiting.shift(); turn !== undefined; turn = waiting.shift()) {
      const because = this.#whyNot(turn);
      if (because === undefined) return turn;
      this.ends.set(turn, { kind: "not-run", because });
    }
    return undefined;
  }

  #whyNot({ timelineMs }: Turn): string | undefined {
    const { clock, limitMs, signal } = this.#playing;
    if (signal.aborted) return "all was interrupted before its turn";
    if (fits(expectedMs(timelineMs, this.#besideMs), clock.nowMs(), limitMs)) return undefined;
    return "it would not have ended within the time limit";
  }
}
