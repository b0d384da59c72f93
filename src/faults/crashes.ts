import { waitFor, type Clock } from "../clock.ts";
import { messageOf } from "../errors.ts";
import type { Proof } from "../recording/events.ts";
import { formatDuration } from "../units/duration.ts";
import type { Restarted } from "./rebirth.ts";

interface Death {
  readonly atMs: number;
  readonly exit: string;
}

/** Between attempts that lead to nothing, so that a member that cannot start does not keep us busy. */
const breathMs = 50;
const secondDeathLimitMs = 30_000;

/** Starts one member and kills it, again and again, until it is ended. */
export class CrashLoop {
  readonly #member: Restarted;
  readonly #everyMs: number | undefined;
  readonly #clock: Clock;
  readonly #ending = new AbortController();
  readonly #deaths: Death[] = [];
  #trouble: string | undefined;
  #going: Promise<void> = Promise.resolve();

  /** Without `everyMs` it is killed as soon as it answers. */
  constructor(member: Restarted, everyMs: number | undefined, clock: Clock) {
    this.#member = member;
    this.#everyMs = everyMs;
    this.#clock = clock;
  }

  /** Goes on from a first kill until it is ended, or the signal is aborted. */
  begin(signal: AbortSignal): void {
    this.#going = this.#run(AbortSignal.any([signal, this.#ending.signal]));
  }

  /** Idempotent. No more kill will come, and the member runs; throws where it cannot be started. */
  async end(): Promise<void> {
    this.#ending.abort();
    await this.#going;
    // Here, and not when all loops have ended: those that are starting may wait for this one to make a quorum.
    await this.#member.restart();
  }

  /** Waits for a second death. */
  async proof(signal: AbortSignal): Promise<Proof> {
    const twice = await waitFor(this.#clock, () => (this.#deaths.length >= 2 ? true : undefined), { limitMs: secondDeathLimitMs, signal });
    const source = "process state";
    const [first] = this.#deaths;
    const trouble = this.#trouble === undefined ? "" : `; last trouble: ${this.#trouble}`;
    if (first === undefined) return { source, text: `${this.#member.name} was never seen down${trouble}`, holds: false };
    const times = this.#deaths.map(({ atMs }) => `${formatDuration(Math.round(atMs))}`);
    const exits = [...new Set(this.#deaths.map(({ exit }) => exit))].join(", ");
    const count = this.#deaths.length === 1 ? "once" : `${this.#deaths.length} times`;
    return { source, text: `${this.#member.name} was seen down ${count} (${exits}), running between: at ${times.join(", ")}${twice === true ? "" : trouble}`, holds: twice === true };
  }

  async #run(signal: AbortSignal): Promise<void> {
    let killedMs = this.#clock.nowMs();
    await this.#noteDeath();
    while (!signal.aborted) {
      const starting = this.#member.restart().catch((error: unknown) => void (this.#trouble = messageOf(error)));
      if (this.#everyMs === undefined) await starting;
      else await this.#clock.sleep(killedMs + this.#everyMs - this.#clock.nowMs(), signal).catch(() => undefined);
      if (!signal.aborted) {
        killedMs = this.#clock.nowMs();
        await this.#killOnce();
      }
      // Where it was killed while it started, its start fails now.
      await starting;
    }
  }

  async #killOnce(): Promise<void> {
    try {
      const { kind } = await this.#member.state();
      if (kind === "down") return await this.#clock.sleep(breathMs);
      await this.#member.kill();
      await this.#noteDeath();
    } catch (error) {
      this.#trouble = messageOf(error);
      await this.#clock.sleep(breathMs);
    }
  }

  async #noteDeath(): Promise<void> {
    const state = await this.#member.state().catch(() => undefined);
    if (state?.kind === "down") this.#deaths.push({ atMs: this.#clock.nowMs(), exit: state.exit });
    else await this.#clock.sleep(breathMs);
  }
}
