import { waitFor, type Clock } from "../clock.ts";
import type { FailpointTerms } from "../cluster/failpoints.ts";
import type { MemberStatus } from "../cluster/gateway.ts";
import type { Failpointed, Member, Restartable } from "../cluster/member.ts";
import { HarnessError } from "../errors.ts";
import type { Proof } from "../recording/events.ts";
import { formatDuration } from "../units/duration.ts";
import { proofOfReturn } from "./downed.ts";
import { termsOf, type FailpointAction } from "./failpoint-terms.ts";
import { claim, excuse, hold, holdsOfOthers, type Hold } from "./holds.ts";
import { provokeSyncs } from "./provoke-syncs.ts";

export type Target = Member & Failpointed & Restartable;

const told = "told what to do at a failpoint";
const biteLimitMs = 10_000;
const logLimitMs = 2_000;
const thawLimitMs = 10_000;
/** A process that panics is gone after so long. */
const settleMs = 100;

/** One failpoint of one member, from what it is told to its silence. */
export class FailpointSite {
  readonly member: Target;
  readonly #name: string;
  readonly #action: FailpointAction;
  readonly #terms: FailpointTerms;
  readonly #before: MemberStatus | undefined;
  readonly #clock: Clock;
  readonly #holds: readonly Hold[];
  #listening = false;
  /** Lines of the log, each the first of its kind. */
  readonly #heard: { done?: string; mismatch?: string; panic?: string } = {};
  #usualMs = 0;
  #told = false;
  #healed = false;

  /** Takes hold of the failpoint. @throws HarnessError `fault` where another fault has it */
  constructor(member: Target, name: string, action: FailpointAction, before: MemberStatus | undefined, clock: Clock) {
    if (holdsOfOthers(member).some(({ condition, detail }) => condition === told && detail === name)) {
      throw new HarnessError("fault", `${member.name} is ${told} (${name}) by another fault already`);
    }
    this.member = member;
    this.#name = name;
    this.#action = action;
    this.#terms = termsOf(action, name);
    this.#before = before;
    this.#clock = clock;
    this.#holds = [...(action.verb === "panic" ? [claim(member, "killed")] : []), hold(member, told, name)];
    // Lines from before come at once, while nobody listens yet.
    member.onLog((line) => this.#hear(line));
  }

  /** Tells the failpoint, which must be one that does nothing yet. @throws HarnessError `fault` */
  async tell(signal: AbortSignal): Promise<void> {
    const found = (await this.member.failpoints().list(signal)).get(this.#name);
    if (found === undefined) {
      throw new HarnessError("fault", `${this.member.name} has no failpoint ${this.#name}; \`npm run list -- failpoints --etcd …\` tells which there are`);
    }
    if (found !== "") throw new HarnessError("fault", `${this.member.name}'s failpoint ${this.#name} is told ${found} already`);
    this.#usualMs = await this.#provoke(signal);
    this.#listening = true;
    this.#told = true;
    await this.member.failpoints().set(this.#name, this.#terms, signal);
  }

  async proofs(signal: AbortSignal): Promise<Proof[]> {
    return this.#action.verb === "panic" ? this.#proofsOfPanic(signal) : this.#proofsOfTurn(signal);
  }

  /** Idempotent. Clears the failpoint, and starts the member where it ended of it. */
  async heal(): Promise<void> {
    this.#listening = false;
    if (this.#healed) return;
    if (this.#told) await this.#undo();
    for (const held of this.#holds) held.release();
    this.#healed = true;
  }

  /** With nothing left at the failpoint, and the member as it was. */
  async proofsOfEnd(): Promise<Proof[]> {
    const back = await proofOfReturn(this.member, this.#before, "fault", this.#holds, this.#clock);
    const other = excuse([this.member], ["killed", "paused"], this.#holds);
    if (other !== undefined) return [back];
    const terms = await this.#readBack();
    const text = terms === "" ? "read back: it is told nothing any more" : `read back: ${terms ?? "no answer"}`;
    return [{ source: "failpoint", text: `${this.member.name}'s ${this.#name}, ${text}`, holds: terms === "" }, back];
  }

  async #undo(): Promise<void> {
    const awake = await waitFor(this.#clock, async () => ((await this.member.state()).kind === "paused" ? undefined : true), { limitMs: thawLimitMs });
    if (awake === undefined) throw new HarnessError("fault", `${this.member.name} is paused, so that its failpoint ${this.#name} cannot be cleared`);
    if (!(await this.#isDown())) await this.#clear();
    // A sleep ends nobody: one that went down meanwhile is not ours to start.
    if (this.#action.verb !== "sleep" && (await this.#isDown()) && excuse([this.member], ["killed"], this.#holds) === undefined) await this.member.restart();
  }

  async #proofsOfTurn(signal: AbortSignal): Promise<Proof[]> {
    let longestMs = 0;
    const done = async (): Promise<true | undefined> => {
      longestMs = Math.max(longestMs, await this.#provoke(signal));
      return this.#heard.done === undefined && this.#heard.mismatch === undefined ? undefined : true;
    };
    await waitFor(this.#clock, done, { limitMs: biteLimitMs, signal });
    const { done: line, mismatch } = this.#heard;
    const terms = await this.#readBack(signal);
    const { name } = this.member;
    const took = `; a lease through it took up to ${formatDuration(Math.round(longestMs))}, before it ${formatDuration(Math.round(this.#usualMs))}`;
    const silent = `${name} did not come by ${this.#name} twice within ${biteLimitMs / 1_000} s${took}`;
    return [
      { source: "failpoint", text: `${name}'s ${this.#name}, read back: ${terms === undefined ? "no answer" : terms || "it is told nothing"}`, holds: terms === this.#terms },
      mismatch === undefined
        ? { source: "log", text: line === undefined ? silent : `${name} says "${line}", which comes after ${this.#action.text} was done${took}`, holds: line !== undefined }
        : { source: "log", text: `${name} says "${mismatch}": it does not take ${this.#action.term} there`, holds: false },
    ];
  }

  async #proofsOfPanic(signal: AbortSignal): Promise<Proof[]> {
    const down = async (): Promise<true | undefined> => {
      if (await this.#isDown()) return true;
      await this.#provoke(signal);
      return undefined;
    };
    const ended = await waitFor(this.#clock, down, { limitMs: biteLimitMs, signal });
    const { name } = this.member;
    const state = await this.member.state();
    const line = await waitFor(this.#clock, () => this.#heard.panic, { limitMs: ended === undefined ? 0 : logLimitMs, signal });
    return [
      { source: "process state", text: `${name} is ${state.kind === "down" ? `down (${state.exit})` : state.kind}`, holds: state.kind === "down" },
      { source: "log", text: line === undefined ? `${name} logged no panic of a failpoint` : `${name} says "${line}"`, holds: line !== undefined },
    ];
  }

  async #clear(): Promise<void> {
    try {
      await this.member.failpoints().clear(this.#name);
    } catch (error) {
      await this.#clock.sleep(settleMs);
      // It ended meanwhile, and with it all that its failpoints were told.
      if (!(await this.#isDown())) throw error;
    }
    if (this.#action.verb !== "sleep") await this.#clock.sleep(settleMs);
  }

  /** Undefined where it does not answer. */
  async #readBack(signal?: AbortSignal): Promise<FailpointTerms | undefined> {
    const all = await this.member.failpoints().list(signal).catch(() => undefined);
    signal?.throwIfAborted();
    return all?.get(this.#name);
  }

  /** Makes it write, as most failpoints are on that way. @returns how long that took */
  async #provoke(signal: AbortSignal): Promise<number> {
    const startMs = this.#clock.nowMs();
    await provokeSyncs(this.member, { limitMs: 2_000, signal });
    return this.#clock.nowMs() - startMs;
  }

  #hear(line: string): void {
    if (!this.#listening) return;
    // gofail's own words, on the process's standard output.
    if (line === `failpoint print: ${this.#name}`) this.#heard.done ??= line;
    if (line.startsWith(`failpoint: "${this.#name}" got value`)) this.#heard.mismatch ??= line;
    if (line.includes("failpoint panic: ")) this.#heard.panic ??= line;
  }

  async #isDown(): Promise<boolean> {
    return (await this.member.state()).kind === "down";
  }
}
