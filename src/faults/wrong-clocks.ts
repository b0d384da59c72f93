import { waitFor, type Clock } from "../clock.ts";
import type { ClockReading } from "../cluster/clock/process-clock.ts";
import { capabilities, type ClockFaultable, type Member } from "../cluster/member.ts";
import { HarnessError } from "../errors.ts";
import type { Proof } from "../recording/events.ts";
import { formatDuration } from "../units/duration.ts";
import type { FaultContext } from "./fault.ts";
import { claim, excuse, type Hold } from "./holds.ts";
import { passageOfWatch, showsTrueTime, type Passage } from "./own-time.ts";

type Timed = Member & ClockFaultable;

const handoverLimitMs = 2_000;

/** The targets' clocks in the hand of one fault: what two do to a clock at once could not be told apart. */
export class WrongClocks {
  readonly members: readonly Timed[];
  readonly #held: Hold[] = [];

  private constructor(members: readonly Timed[]) {
    this.members = members;
  }

  /** Waits a moment for a fault of the phase before to let go of them. @throws HarnessError `fault` where a member is down, or another fault keeps its clock */
  static async take({ targets, clock, signal }: FaultContext): Promise<WrongClocks> {
    await waitFor(clock, () => (excuse(targets, ["set to a wrong time"]) === undefined ? true : undefined), { limitMs: handoverLimitMs, everyMs: 10, signal });
    const clocks = new WrongClocks(targets.map(timed));
    try {
      for (const member of clocks.members) {
        clocks.#held.push(claim(member, "set to a wrong time"));
        const { kind } = await member.state();
        if (kind !== "running") throw new HarnessError("fault", `${member.name} is ${kind}: its clock cannot be changed now`);
      }
      signal.throwIfAborted();
    } catch (error) {
      clocks.release();
      throw error;
    }
    return clocks;
  }

  get holds(): readonly Hold[] {
    return this.#held;
  }

  /** Idempotent. */
  release(): void {
    for (const held of this.#held) held.release();
  }

  /** By the figures in its memory and by what it does: no clock runs faster or slower than the machine's. */
  async proofsOfTrueTime(ownMs: number, clock: Clock): Promise<Proof[]> {
    const proofs = await Promise.all(this.members.map((member) => this.#proofsOf(member, ownMs, clock)));
    return proofs.flat();
  }

  async #proofsOf(member: Timed, ownMs: number, clock: Clock): Promise<Proof[]> {
    const { name } = member;
    let reading: ClockReading | undefined;
    let passage: Passage | undefined;
    let excused: string | undefined;
    const isTrue = async (): Promise<true | undefined> => {
      const other = (): string | undefined => excuse([member], ["set to a wrong time", "paused", "starved", "killed", "stalled"], this.#held);
      [reading, passage] = await Promise.all([member.monotonicClock.read(), passageOfWatch(member, ownMs, clock, ownMs + healLimitMs)]);
      excused = other();
      return excused !== undefined || (reading?.rate === 1 && passage !== undefined && showsTrueTime(passage)) ? true : undefined;
    };
    await waitFor(clock, isTrue, { limitMs: healLimitMs });
    if (excused !== undefined) return [{ source: "health", text: excused, holds: true }];
    return [
      proofOfReading(name, reading, reading?.rate === 1),
      proofOfPassage(name, ownMs, passage, passage !== undefined && showsTrueTime(passage)),
    ];
  }
}

const healLimitMs = 10_000;

/** What was read back from the process. */
export function proofOfReading(name: string, reading: ClockReading | undefined, holds: boolean): Proof {
  return { source: "process clock", text: reading === undefined ? `${name} has no process` : `${name}'s clock ${inWords(reading)}`, holds };
}

/** `runs at 2 times the true speed, 1.2 s ahead of the machine's` */
function inWords({ aheadMs, rate }: ClockReading): string {
  const speed = rate === 1 ? "the true speed" : `${Number(rate.toFixed(3))} times the true speed`;
  const where = Math.abs(aheadMs) < 1 ? "level with" : `${formatDuration(Math.abs(aheadMs))} ${aheadMs > 0 ? "ahead of" : "behind"}`;
  return `runs at ${speed}, ${where} the machine's`;
}

/** How long a watch really was open that the member was to end after a time by its own clock. */
export function proofOfPassage(name: string, ownMs: number, passage: Passage | undefined, holds: boolean): Proof {
  const asked = `a watch that it was to end after ${formatDuration(ownMs)}`;
  return { source: "watch", text: passage === undefined ? `${name} did not end ${asked}` : `${name} ended ${asked} after ${formatDuration(passage.tookMs)}`, holds };
}

function timed(member: Member): Timed {
  if (capabilities.clock(member)) return member;
  throw new HarnessError("fault", `the clock of ${member.name} cannot be changed in this runtime`);
}
