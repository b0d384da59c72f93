import { waitFor, type Clock } from "../clock.ts";
import type { RunningCluster } from "../cluster/cluster.ts";
import { memberStatus, type MemberStatus } from "../cluster/gateway.ts";
import { fieldsOf, integerOf } from "../cluster/gateway-request.ts";
import { deletePrefix, put } from "../cluster/maintenance.ts";
import { capabilities, type Killable, type Member, type Restartable, type Restorable, type SpareData } from "../cluster/member.ts";
import { saveSnapshot } from "../cluster/snapshot.ts";
import { HarnessError } from "../errors.ts";
import { statusesOf } from "./downed.ts";
import { toEach, undoAfter } from "./each.ts";
import { claim, type Hold } from "./holds.ts";

export const restoring = ["kill", "restart", "restore"] as const;

type Restored = Member & Killable & Restartable & Restorable;

const statusLimitMs = 15_000;

/** A snapshot, and the cluster that it is of. */
interface Saved {
  readonly content: Buffer;
  readonly cluster: string;
}

/** What a cluster went through that was restored from a snapshot. */
export interface Rollback {
  readonly snapshotBytes: number;
  readonly snapshotRevision: number;
  /** When all members were down. */
  readonly endedMs: number;
  /** A key that was put after the snapshot, and at which revision. */
  readonly marker: { readonly key: string; readonly revision: number };
  /** The highest that any member told of before it was ended. */
  readonly reachedRevision: number;
  readonly clusterBefore: string;
  /** What each member said first, by name. */
  readonly after: ReadonlyMap<string, MemberStatus>;
}

/** All members of a cluster, on their way to data that are made of one member's snapshot, or back to their own. */
export class Restoration {
  readonly #source: Member;
  readonly #members: readonly Restored[];
  readonly #clock: Clock;
  readonly #held = new Map<Restored, Hold>();
  readonly #spares = new Map<Restored, SpareData>();
  readonly #swapped = new Set<Restored>();
  #marker: string | undefined;
  #done = false;

  /** @throws HarnessError `fault` for a cluster with a member that cannot be restored */
  constructor(source: Member, { members }: RunningCluster, clock: Clock) {
    this.#source = source;
    this.#members = members.map(restorable);
    this.#clock = clock;
  }

  /** Whether the members have begun anew of the snapshot. */
  get done(): boolean {
    return this.#done;
  }

  /** Saves the snapshot, now. */
  async save(signal: AbortSignal): Promise<Saved> {
    const { directUrl } = this.#source;
    const { cluster } = await memberStatus(directUrl);
    return { content: await saveSnapshot(directUrl, { signal }), cluster };
  }

  /** Ends all, makes them data of the snapshot, and starts them on these. Where that fails they are started on their own, and it throws. */
  async restore({ content, cluster: clusterBefore }: Saved, signal: AbortSignal): Promise<Rollback> {
    signal.throwIfAborted();
    const token = `restored-from-${clusterBefore}`;
    try {
      const marker = await this.#mark(token, signal);
      const told = [...(await statusesOf(this.#members)).values()].map((status) => status?.revision ?? 0);
      await this.#end();
      const endedMs = this.#clock.nowMs();
      await toEach(this.#members, async (member) => void this.#spares.set(member, await member.restoreData(content, token)));
      // From here on there is more to undo than to do.
      signal.throwIfAborted();
      await toEach(this.#spares, async ([member, spare]) => {
        await spare.swap();
        this.#swapped.add(member);
      });
      await this.#start();
      const after = await this.#firstWords();
      this.#done = true;
      const snapshotRevision = Math.max(...[...this.#spares.values()].map(({ revision }) => revision));
      // What is left of their own data after that is for the healing to remove.
      await this.#dropSpares().catch(() => undefined);
      return { snapshotBytes: content.length, snapshotRevision, endedMs, marker, reachedRevision: Math.max(marker.revision, ...told), clusterBefore, after };
    } catch (error) {
      throw await undoAfter(error, () => this.settle());
    }
  }

  /** Idempotent: sees to it that all run, on their own data where they have not begun anew. */
  async settle(): Promise<void> {
    if (!this.#done) {
      await toEach([...this.#swapped], async (member) => {
        this.#held.set(member, this.#held.get(member) ?? claim(member, "killed"));
        if ((await member.state()).kind !== "down") await member.kill();
        await this.#spares.get(member)?.swap();
        this.#swapped.delete(member);
      });
    }
    await this.#start();
    await this.#dropSpares();
    if (!this.#done) await this.#unmark();
  }

  /** A write that the restored store cannot hold, whatever the load does. */
  async #mark(token: string, signal: AbortSignal): Promise<Rollback["marker"]> {
    const key = `etcd-chaos/after-snapshot/${token}`;
    this.#marker = key;
    const reply = await put(this.#source.directUrl, key, "written after the snapshot", { signal });
    if (!reply.ok) throw new HarnessError("fault", `${this.#source.name} refuses a put, without which nothing would show that the store went back: ${reply.reason}`);
    return { key, revision: integerOf(fieldsOf(reply.body["header"])["revision"]) };
  }

  /** Not worth a failure: it is in nobody's way. */
  async #unmark(): Promise<void> {
    const marker = this.#marker;
    if (marker === undefined) return;
    for (const { directUrl } of this.#members) {
      const reply = await deletePrefix(directUrl, marker).catch(() => undefined);
      if (reply?.ok) return void (this.#marker = undefined);
    }
  }

  async #end(): Promise<void> {
    // Killed, not asked to end: a leader would wait for seconds to hand over to those that are ending too.
    await toEach(this.#members, async (member) => {
      this.#held.set(member, claim(member, "killed"));
      // One that went down by itself comes back with the others.
      if ((await member.state()).kind !== "down") await member.kill();
    });
  }

  /** All at once: none answers before a majority is there. */
  async #start(): Promise<void> {
    await toEach(this.#held, async ([member, held]) => {
      await member.restart();
      held.release();
      this.#held.delete(member);
    });
  }

  async #firstWords(): Promise<Rollback["after"]> {
    const said = await waitFor(
      this.#clock,
      async () => {
        const statuses = await statusesOf(this.#members);
        const known = [...statuses].flatMap(([name, status]) => (status === undefined ? [] : [[name, status] as const]));
        return known.length === this.#members.length ? new Map(known) : undefined;
      },
      { limitMs: statusLimitMs, everyMs: 20 },
    );
    if (said === undefined) throw new HarnessError("fault", `not every member answered within ${statusLimitMs / 1000} s of its start on the restored data`);
    return said;
  }

  async #dropSpares(): Promise<void> {
    await toEach(this.#spares, async ([member, spare]) => {
      await spare[Symbol.asyncDispose]();
      this.#spares.delete(member);
    });
  }
}

/** @throws HarnessError `fault` for a member that cannot be restored, or not by the program for the cluster's own etcd */
function restorable(member: Member): Restored {
  if (capabilities.upgrade(member) && member.runsBy !== undefined) throw new HarnessError("fault", `${member.name} runs by etcd ${member.runsBy}, and snapshots are restored for the one that the cluster was started by`);
  if (capabilities.kill(member) && capabilities.restart(member) && capabilities.restore(member)) return member;
  throw new HarnessError("fault", `${member.name} cannot be restored from a snapshot in this runtime`);
}
