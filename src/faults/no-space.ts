import { z } from "zod";
import { waitFor } from "../clock.ts";
import { alarms, deletePrefix, get, put, setAlarm, type Alarm } from "../cluster/maintenance.ts";
import type { Member } from "../cluster/member.ts";
import { HarnessError, messageOf } from "../errors.ts";
import type { Proof } from "../recording/events.ts";
import { proofOfHealth } from "./cluster-health.ts";
import { toEach, undoAfter } from "./each.ts";
import { defineFault, type ActiveFault, type FaultContext } from "./fault.ts";
import { clearFiller, fillDatabase, spaceExceeded } from "./filler.ts";
import { claim, excuse, holdsOfOthers, type Hold } from "./holds.ts";
import { targetSchema } from "./target.ts";

const options = z.strictObject({
  target: targetSchema,
  via: z
    .enum(["alarm", "fill"])
    .default("alarm")
    .meta({ description: "alarm raises the alarm as if the target were full; fill puts large values until it is, for which the cluster needs a small quota-backend-bytes." }),
});

const probeKey = "etcd-chaos/no-space";
const effectLimitMs = 5_000;
const healedLimitMs = 10_000;

/** The alarm for want of space: any member that raises it makes the whole cluster refuse puts. */
export const noSpace = defineFault({
  kind: "no-space",
  summary: "Raises the alarm for want of space: the cluster refuses puts, while reads and deletes go on.",
  glyph: "▣",
  options,
  needs: [],
  title: ({ target, via }) => `no-space ${target}${via === "alarm" ? "" : ", by filling it"}`,
  async inject(context, { via }): Promise<ActiveFault> {
    const { cluster, targets, clock, signal } = context;
    signal.throwIfAborted();
    const [asked] = targets;
    if (asked === undefined) throw new HarnessError("fault", "there is no member to run out of space");
    const standing = await alarms(asked.directUrl, { signal });
    const space = new Space(context, via, standing);
    let filled = "";
    try {
      space.claim();
      if (via === "fill") filled = await fillDatabase(asked, signal);
      else await toEach(targets, ({ id, directUrl }) => setAlarm(directUrl, "ACTIVATE", { memberId: id, kind: "NOSPACE" }, { signal }));
    } catch (error) {
      throw await undoAfter(error, () => space.free());
    }
    const raisedMs = clock.nowMs();
    return {
      async effect() {
        const proofs = [await proofOfAlarm(via === "alarm" ? targets : [], filled, context), await proofOfRefusal(asked, context), await proofOfService(asked, context)];
        return { sinceMs: raisedMs, proofs };
      },
      heal: () => space.free(),
      async healed() {
        const proofs = [await proofOfSpace(context, space.holds), await proofOfHealth(cluster, clock, space.holds)];
        return { sinceMs: clock.nowMs(), proofs };
      },
    };
  },
});

/** What the fault did, and its undoing. */
class Space {
  readonly #context: FaultContext;
  readonly #via: "alarm" | "fill";
  readonly #standing: readonly Alarm[];
  readonly #held: Hold[] = [];

  constructor(context: FaultContext, via: "alarm" | "fill", standing: readonly Alarm[]) {
    this.#context = context;
    this.#via = via;
    this.#standing = standing;
  }

  get holds(): readonly Hold[] {
    return this.#held;
  }

  /** A database that is filled is every member's: all hold the same. */
  claim(): void {
    const { cluster, targets } = this.#context;
    const members = this.#via === "fill" ? cluster.members : targets;
    for (const member of members) {
      if (this.#standing.some(({ memberId, kind }) => kind === "NOSPACE" && memberId === member.id)) throw new HarnessError("fault", `${member.name} has raised the alarm already`);
      this.#held.push(claim(member, "full"));
    }
  }

  /** Nothing happens once all was freed. */
  async free(): Promise<void> {
    if (this.#held.length === 0) return;
    const { members } = this.#context.cluster;
    await anyOf(members, async ({ directUrl }) => {
      if (this.#via === "fill") await clearFiller(directUrl, members.filter((member) => holdsOfOthers(member, this.#held).length === 0));
      for (const alarm of await alarms(directUrl)) if (this.#isOurs(alarm)) await setAlarm(directUrl, "DEACTIVATE", alarm);
      // A put that was taken against expectation, when the effect was looked for.
      await deletePrefix(directUrl, probeKey);
    });
    for (const held of this.#held.splice(0)) held.release();
  }

  #isOurs({ memberId, kind }: Alarm): boolean {
    const { cluster, targets } = this.#context;
    const hit = this.#via === "fill" ? cluster.members : targets;
    return kind === "NOSPACE" && hit.some(({ id }) => id === memberId) && !this.#standing.some((each) => each.kind === kind && each.memberId === memberId);
  }
}

/** Does something at the first member that lets it: the target may be gone meanwhile. */
async function anyOf(members: readonly Member[], action: (member: Member) => Promise<void>): Promise<void> {
  const failures: string[] = [];
  for (const member of members) {
    try {
      return await action(member);
    } catch (error) {
      failures.push(messageOf(error));
    }
  }
  throw new HarnessError("fault", failures.join("; "));
}

/** The alarm names all of `expected`, or anybody where none are. */
async function proofOfAlarm(expected: readonly Member[], filled: string, { cluster: { members }, targets, clock, signal }: FaultContext): Promise<Proof> {
  const asked = targets[0]?.directUrl ?? "";
  let raised: string[] = [];
  const met = await waitFor(
    clock,
    async () => {
      const all = await alarms(asked, { signal }).catch(() => []);
      signal.throwIfAborted();
      const ids = all.flatMap(({ memberId, kind }) => (kind === "NOSPACE" ? [memberId] : []));
      raised = ids.map((id) => members.find((member) => member.id === id)?.name ?? id);
      return raised.length > 0 && expected.every(({ name }) => raised.includes(name)) ? true : undefined;
    },
    { limitMs: effectLimitMs, signal },
  );
  const how = filled === "" ? "" : `${filled}; `;
  return { source: "alarms", text: `${how}NOSPACE is raised by ${raised.join(", ") || "nobody"}`, holds: met === true };
}

async function proofOfRefusal({ name, directUrl }: Member, { clock, signal }: FaultContext): Promise<Proof> {
  let said = "does not answer a put";
  const refused = await waitFor(
    clock,
    async () => {
      const reply = await put(directUrl, probeKey, "x", { signal }).catch(() => undefined);
      signal.throwIfAborted();
      if (reply !== undefined) said = reply.ok ? "takes a put" : `refuses a put: ${reply.reason}`;
      return reply?.ok === false && reply.reason.includes(spaceExceeded) ? true : undefined;
    },
    { limitMs: effectLimitMs, everyMs: 100, signal },
  );
  return { source: "put", text: `${name} ${said}`, holds: refused === true };
}

/** What tells want of space from a cluster that is out of service: a read and a delete go on. */
async function proofOfService({ name, directUrl }: Member, { clock, signal }: FaultContext): Promise<Proof> {
  let said = "";
  const goesOn = await waitFor(
    clock,
    async () => {
      const [read, deleted] = await Promise.all([get(directUrl, probeKey, { signal }), deletePrefix(directUrl, probeKey, { signal })].map((asking) => asking.catch(() => undefined)));
      signal.throwIfAborted();
      said = `takes ${read?.ok ? "a read" : "no read"} and ${deleted?.ok ? "a delete" : "no delete"}`;
      return read?.ok === true && deleted?.ok === true ? true : undefined;
    },
    { limitMs: effectLimitMs, everyMs: 100, signal },
  );
  return { source: "read and delete", text: `${name} ${said}`, holds: goesOn === true };
}

/** Nobody has the alarm raised any more and a put is taken, unless another fault keeps the cluster full. */
async function proofOfSpace({ cluster: { members }, clock }: FaultContext, own: readonly Hold[]): Promise<Proof> {
  const source = "alarms";
  let last = "";
  const free = await waitFor(
    clock,
    async () => {
      const full = excuse(members, ["full"], own);
      if (full !== undefined) return full;
      const { free, text } = await takesPuts(members).catch((error: unknown) => ({ free: false, text: messageOf(error) }));
      last = text;
      return free ? text : undefined;
    },
    { limitMs: healedLimitMs, everyMs: 50 },
  );
  return { source, text: free ?? last, holds: free !== undefined };
}

async function takesPuts(members: readonly Member[]): Promise<{ free: boolean; text: string }> {
  let text = "";
  let free = false;
  await anyOf(members, async ({ name, directUrl }) => {
    const left = (await alarms(directUrl)).filter(({ kind }) => kind === "NOSPACE");
    const reply = await put(directUrl, probeKey, "x");
    if (reply.ok) await deletePrefix(directUrl, probeKey);
    free = left.length === 0 && reply.ok;
    text = `${left.length === 0 ? "no alarm is raised" : `${left.length} alarms are still raised`}, and ${name} ${reply.ok ? "takes a put" : `refuses a put: ${reply.reason}`}`;
  });
  return { free, text };
}
