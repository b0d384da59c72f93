import { waitFor, type Clock } from "../clock.ts";
import { isHealthy, memberStatus } from "../cluster/gateway.ts";
import { capabilities, type Member, type Upgradable } from "../cluster/member.ts";
import { HarnessError } from "../errors.ts";
import type { Proof } from "../recording/events.ts";
import { formatDuration } from "../units/duration.ts";
import { Downed } from "./downed.ts";
import { undoAfter } from "./each.ts";
import { stopInOrder } from "./orderly-end.ts";
import { readProcess } from "./process-metrics.ts";
import { proofOfRebirth, restartable, type Restarted } from "./rebirth.ts";

const healthLimitMs = 30_000;

/** What one turn made of a member. */
interface Upgraded {
  readonly member: Restarted & Upgradable;
  /** What it was started by until then. */
  readonly former: string | undefined;
  /** What it said that it was. */
  readonly from: string | undefined;
  readonly to: string | undefined;
}

/** Members that are started by another etcd, one after the other, and those of them that go back. */
export class Rollout {
  readonly #pauseMs: number;
  readonly #clock: Clock;
  readonly #upgraded: Upgraded[] = [];
  readonly #versions = new Map<Member, string | undefined>();

  constructor(pauseMs: number, clock: Clock) {
    this.#pauseMs = pauseMs;
    this.#clock = clock;
  }

  /** How many members run by another etcd through it. */
  get turns(): number {
    return this.#upgraded.length;
  }

  /** What the member said of itself after its last turn; undefined for one that had none. */
  versionOf(member: Member): string | undefined {
    return this.#versions.get(member);
  }

  /** @returns three proofs for each member. Throws when it is aborted, or when one does not come up: that one is started as before, the others are left alone. */
  async forward(members: readonly Member[], asked: string, signal: AbortSignal): Promise<Proof[]> {
    const proofs: Proof[] = [];
    for (const [index, member] of members.map(upgradable).entries()) {
      if (index > 0) await this.#clock.sleep(this.#pauseMs, signal);
      proofs.push(...(await this.#turn(member, asked, signal, (done) => this.#upgraded.push(done))));
    }
    return proofs;
  }

  /** Idempotent: the last that was upgraded goes back first; those that do not are tried again by the next call. */
  async backward(): Promise<void> {
    for (let last = this.#upgraded.at(-1); last !== undefined; last = this.#upgraded.at(-1)) {
      await this.#turn(last.member, last.former, new AbortController().signal, () => undefined);
      this.#upgraded.pop();
    }
  }

  async #turn(member: Restarted & Upgradable, asked: string | undefined, signal: AbortSignal, done: (what: Upgraded) => void): Promise<Proof[]> {
    const clock = this.#clock;
    const former = member.runsBy;
    const [before, from] = await Promise.all([readProcess(member, clock), this.#version(member)]);
    signal.throwIfAborted();
    let wanted = asked;
    let expected = "";
    const downed = await Downed.take([member], stopInOrder, async () => {
      // One that was started and does not answer is in the way of the next.
      if ((await member.state()).kind !== "down") await member.kill();
      expected = (await member.changeEtcd(wanted)).version;
    });
    const endedMs = clock.nowMs();
    const between = await member.state();
    try {
      await downed.revive();
    } catch (error) {
      wanted = former;
      throw await undoAfter(error, () => downed.revive());
    }
    const startedMs = clock.nowMs();
    const to = await this.#version(member);
    this.#versions.set(member, to);
    done({ member, former, from, to });
    const rebirth = await proofOfRebirth({ member, graceful: true, before, between, endedMs, startedMs }, clock, signal);
    return [rebirth, proofOfChange(member, from, to, expected), await this.#untilHealthy(member, startedMs, signal)];
  }

  async #version({ directUrl }: Member): Promise<string | undefined> {
    return (await memberStatus(directUrl).catch(() => undefined))?.version;
  }

  async #untilHealthy({ name, directUrl }: Member, startedMs: number, signal: AbortSignal): Promise<Proof> {
    const healthy = await waitFor(this.#clock, async () => ((await isHealthy(directUrl)) ? true : undefined), { limitMs: healthLimitMs, signal });
    if (healthy === undefined) throw new HarnessError("fault", `${name} was not healthy within ${formatDuration(healthLimitMs)} of its start; it goes no further`);
    const tookMs = Math.round(this.#clock.nowMs() - startedMs);
    return { source: "health", text: `${name} was healthy by quorum ${formatDuration(tookMs)} after its start, before the next one's turn`, holds: true };
  }
}

/** It says another version than before, and the one that it was started by, where that is known. */
function proofOfChange({ name }: Member, from: string | undefined, to: string | undefined, expected: string): Proof {
  const source = "version";
  if (to === undefined) return { source, text: `${name} does not say which version it is`, holds: false };
  if (to === from) return { source, text: `${name} is etcd ${to}, as it was before`, holds: false };
  const other = expected !== "" && to !== expected;
  return { source, text: `${name} is etcd ${to}${other ? `, not ${expected}` : ""}, and said ${from ?? "nothing"} before`, holds: !other && from !== undefined };
}

/** @throws HarnessError `fault` for a member that cannot be started by another etcd */
function upgradable(member: Member): Restarted & Upgradable {
  const restarted = restartable(member);
  if (capabilities.upgrade(restarted)) return restarted;
  throw new HarnessError("fault", `${member.name} cannot be started by another etcd in this runtime`);
}
