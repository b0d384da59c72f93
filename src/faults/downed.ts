import { waitFor, type Clock } from "../clock.ts";
import { memberStatus, type MemberStatus } from "../cluster/gateway.ts";
import type { Member, Restartable } from "../cluster/member.ts";
import type { Proof } from "../recording/events.ts";
import { toEach, undoAfter } from "./each.ts";
import { claim, excuse, type Hold } from "./holds.ts";
import { askMember } from "./probe.ts";

/** Members whose processes one fault has ended, and starts again on the data they left. */
export class Downed<Target extends Member & Restartable> {
  readonly #down = new Map<Target, Hold>();

  readonly #prepare: (member: Target) => Promise<void>;

  private constructor(prepare: (member: Target) => Promise<void>) {
    this.#prepare = prepare;
  }

  /**
   * Ends all at once, or brings about that they end. Starts those again that it ended, and
   * throws, where one refuses. `prepare` is done to each before it is started.
   */
  static async take<Target extends Member & Restartable>(
    members: readonly Target[],
    end: (member: Target) => Promise<void>,
    prepare: (member: Target) => Promise<void> = async () => undefined,
  ): Promise<Downed<Target>> {
    const downed = new Downed<Target>(prepare);
    try {
      await toEach(members, async (member) => {
        const held = claim(member, "killed");
        // One that went down by itself is not ours to start again.
        const { kind } = await member.state();
        if (kind !== "down") downed.#down.set(member, held);
        else held.release();
        await end(member);
      });
    } catch (error) {
      throw await undoAfter(error, () => downed.revive());
    }
    return downed;
  }

  get holds(): readonly Hold[] {
    return [...this.#down.values()];
  }

  /** Idempotent; those that do not start are tried again by the next call. */
  async revive(): Promise<void> {
    await toEach(this.#down, async ([member, held]) => {
      await this.#prepare(member);
      await member.restart();
      held.release();
      this.#down.delete(member);
    });
  }
}

const answerLimitMs = 300;

/** The runtime says that its process has ended, in one of the ways it should have where they are given, and its port agrees. */
export async function proofOfDeath(member: Member, clock: Clock, signal: AbortSignal, exits?: readonly string[]): Promise<Proof> {
  const source = "process state";
  const state = await member.state();
  if (state.kind !== "down") return { source, text: `${member.name} is ${state.kind}`, holds: false };
  const answer = await askMember(member, clock, { limitMs: answerLimitMs, signal });
  const answers = answer.kind === "answered";
  const asAsked = exits?.includes(state.exit) ?? true;
  const unlike = asAsked ? "" : `, which is not how etcd ends in order`;
  return { source, text: `${member.name} is down (${state.exit}${unlike}) and ${answers ? "still answers" : "does not answer"}`, holds: !answers && asAsked };
}

const catchUpLimitMs = 10_000;

/** What each member says of itself; undefined for one that does not answer. */
export async function statusesOf(members: readonly Member[]): Promise<ReadonlyMap<string, MemberStatus | undefined>> {
  return new Map(await Promise.all(members.map(async (member) => [member.name, await memberStatus(member.directUrl).catch(() => undefined)] as const)));
}

/**
 * The same raft id, and no revision behind what it had before `what` was done. The last entries
 * count as committed only once the leader says so, so it gets time to catch up.
 */
export async function proofOfReturn(member: Member, before: MemberStatus | undefined, what: string, own: readonly Hold[], clock: Clock): Promise<Proof> {
  const source = "status";
  let now: MemberStatus | undefined;
  let excused: string | undefined;
  const caughtUp = async (): Promise<true | undefined> => {
    excused = excuse([member], ["paused", "killed"], own);
    if (excused !== undefined) return true;
    now = await memberStatus(member.directUrl).catch(() => undefined);
    return now !== undefined && now.revision >= (before?.revision ?? 0) ? true : undefined;
  };
  const back = await waitFor(clock, caughtUp, { limitMs: catchUpLimitMs });
  if (excused !== undefined) return { source, text: excused, holds: true };
  if (now === undefined) return { source, text: `${member.name} does not answer a status request`, holds: false };
  const then = before === undefined ? `it gave none before the ${what}` : `before the ${what} ${before.revision}`;
  return { source, text: `${member.name} is back with id ${now.id} at revision ${now.revision}, ${then}`, holds: back === true && now.id === member.id };
}
