import { waitFor, type Clock } from "../clock.ts";
import { memberStatus, type MemberStatus } from "../cluster/gateway.ts";
import { capabilities, type Member, type Restartable } from "../cluster/member.ts";
import { HarnessError } from "../errors.ts";
import type { Proof } from "../recording/events.ts";
import { toEach, undoAfter } from "./each.ts";
import { claim, excuse, type Hold } from "./holds.ts";

const endLimitMs = 10_000;
const logLimitMs = 2_000;
const catchUpLimitMs = 10_000;

/** Takes hold of all members, which must be alive: one that is down has nothing that could fail. `errorText` is what its log will name. */
export async function admit(targets: readonly Member[], clock: Clock, errorText: string): Promise<Patient[]> {
  const admitted: Patient[] = [];
  try {
    await toEach(targets, async (member) => {
      if (!capabilities.restart(member)) throw new HarnessError("fault", `${member.name} cannot be started again in this runtime`);
      const { kind } = await member.state();
      if (kind === "down") throw new HarnessError("fault", `${member.name} is down already`);
      const stalled = excuse([member], ["stalled"]);
      if (stalled !== undefined) throw new HarnessError("fault", stalled);
      const before = await memberStatus(member.directUrl).catch(() => undefined);
      admitted.push(new Patient(member, claim(member, "killed"), before, clock, errorText));
    });
  } catch (error) {
    throw await undoAfter(error, () => toEach(admitted, (patient) => patient.discharge(false)));
  }
  return admitted;
}

/** A member on its way down and back. */
export class Patient {
  readonly member: Member & Restartable;
  readonly #held: Hold;
  readonly #before: MemberStatus | undefined;
  readonly #clock: Clock;
  readonly #errorText: string;
  #listening = false;
  #logged: string | undefined;
  #discharged = false;

  constructor(member: Member & Restartable, held: Hold, before: MemberStatus | undefined, clock: Clock, errorText: string) {
    this.member = member;
    this.#held = held;
    this.#before = before;
    this.#clock = clock;
    this.#errorText = errorText;
    // Lines from before come at once, while nobody listens yet.
    member.onLog((line) => {
      if (this.#listening && line.includes(errorText)) this.#logged ??= line;
    });
    this.#listening = true;
  }

  /** Provokes what fails, again and again, until it has ended. */
  async proofOfEnd(provoke: () => Promise<void>, signal: AbortSignal): Promise<Proof> {
    const down = async (): Promise<true | undefined> => {
      if (await this.isDown()) return true;
      await provoke();
      return undefined;
    };
    await waitFor(this.#clock, down, { limitMs: endLimitMs, signal });
    const state = await this.member.state();
    const text = state.kind === "down" ? `down (${state.exit})` : state.kind;
    return { source: "process state", text: `${this.member.name} is ${text}`, holds: state.kind === "down" };
  }

  /** What it logs counts from here on. */
  listenAnew(): void {
    this.#logged = undefined;
  }

  async proofInLog(signal: AbortSignal): Promise<Proof> {
    const limitMs = (await this.isDown()) ? logLimitMs : 0;
    const line = await waitFor(this.#clock, () => this.#logged, { limitMs, signal });
    return { source: "log", text: line === undefined ? `${this.member.name} logged no "${this.#errorText}"` : `${this.member.name}: ${this.#quote(line)}`, holds: line !== undefined };
  }

  /** Lets it go, and starts it again if it ended, or is about to because a sync of its has failed. */
  async discharge(failed: boolean): Promise<void> {
    this.#listening = false;
    if (this.#discharged) return;
    if (failed) await waitFor(this.#clock, async () => ((await this.isDown()) ? true : undefined), { limitMs: endLimitMs });
    if (failed) await this.member.restart();
    this.#held.release();
    this.#discharged = true;
  }

  /** The same member, with no revision behind what it had. */
  async proofOfReturn(): Promise<Proof> {
    const { id, name, directUrl } = this.member;
    const source = "status";
    let now: MemberStatus | undefined;
    const caughtUp = async (): Promise<true | undefined> => {
      now = await memberStatus(directUrl).catch(() => undefined);
      return now !== undefined && now.revision >= (this.#before?.revision ?? 0) ? true : undefined;
    };
    const back = await waitFor(this.#clock, caughtUp, { limitMs: catchUpLimitMs });
    if (now === undefined) return { source, text: `${name} does not answer a status request`, holds: false };
    return { source, text: `${name} answers with id ${now.id} at revision ${now.revision}, before the fault ${this.#before?.revision ?? "unknown"}`, holds: back === true && now.id === id };
  }

  async isDown(): Promise<boolean> {
    return (await this.member.state()).kind === "down";
  }

  #quote(line: string): string {
    const [, message] = /"msg":"([^"]*)"/.exec(line) ?? [];
    return message === undefined ? line.slice(0, 200) : `"${message}", "${this.#errorText}"`;
  }
}
