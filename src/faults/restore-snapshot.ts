import { z } from "zod";
import { waitFor } from "../clock.ts";
import { memberStatus } from "../cluster/gateway.ts";
import { itemsOf } from "../cluster/gateway-request.ts";
import { get } from "../cluster/maintenance.ts";
import { HarnessError } from "../errors.ts";
import type { Proof } from "../recording/events.ts";
import { durationOption } from "../units/duration-option.ts";
import { formatDuration } from "../units/duration.ts";
import { handOfOthers, proofOfHealth } from "./cluster-health.ts";
import { defineFault, type ActiveFault, type FaultContext } from "./fault.ts";
import { formatBytes } from "./link-probe.ts";
import { Restoration, restoring, type Rollback } from "./restoration.ts";
import { targetSchema } from "./target.ts";

const options = z.strictObject({
  target: targetSchema,
  age: durationOption("How old the snapshot is when the cluster is restored from it: what is written meanwhile is undone.").default(0),
});

const readLimitMs = 10_000;
const agreeLimitMs = 15_000;

/**
 * Restores the whole cluster from a snapshot of the target, as one does after a disaster: a new
 * cluster of the same members, with new ids. Whatever was written after the snapshot is undone,
 * acknowledged or not; the proofs say from which revision to which the store went back.
 */
export const restoreSnapshot = defineFault({
  kind: "restore-snapshot",
  summary: "Saves a snapshot of the target, ends all members and starts them on data restored from it: later writes are undone.",
  glyph: "↶",
  options,
  needs: restoring,
  title: ({ target, age }) => `restore-snapshot of ${target}${age === 0 ? "" : `, ${formatDuration(age)} old`}`,
  async inject(context, { age }): Promise<ActiveFault> {
    const { cluster, clock, signal, targets } = context;
    signal.throwIfAborted();
    // A snapshot is of one member's store: that of a second would be another one.
    const [source] = targets;
    if (source === undefined) throw new HarnessError("fault", "there is no member to save a snapshot of");
    const restoration = new Restoration(source, cluster, clock);
    const ending = new AbortController();
    const until = AbortSignal.any([signal, ending.signal]);
    const snapshot = await restoration.save(signal);
    const going = clock
      .sleep(age, until)
      .catch(() => undefined)
      .then(() => restoration.restore(snapshot, until))
      .catch((cause: unknown) => {
        throw cause instanceof DOMException && cause.name === "TimeoutError" ? tooLate(cause) : cause;
      });
    // Whoever asks for the effect is told; nobody may ask.
    going.catch(() => undefined);
    let restored: Rollback | undefined;
    return {
      async effect() {
        restored = await going;
        return { sinceMs: restored.endedMs, proofs: [proofOfSnapshot(source.name, restored), proofOfNewCluster(restored), await proofOfRollback(restored, context)] };
      },
      async heal() {
        ending.abort(tooLate());
        restored ??= await going.catch(() => undefined);
        await restoration.settle();
      },
      async healed() {
        const clusterNow = [...(restored?.after.values() ?? [])].at(0)?.cluster ?? snapshot.cluster;
        return { sinceMs: clock.nowMs(), proofs: await Promise.all([proofOfMembers(clusterNow, context), proofOfHealth(cluster, clock)]) };
      },
    };
  },
});

function tooLate(cause?: unknown): HarnessError {
  return new HarnessError("fault", "its time was over before the cluster was restored", { cause });
}

function proofOfSnapshot(name: string, { snapshotBytes, snapshotRevision, after }: Rollback): Proof {
  return { source: "snapshot", text: `${formatBytes(snapshotBytes)} of ${name} at revision ${snapshotRevision}; all ${after.size} members were ended and started on data restored from it`, holds: snapshotBytes > 0 };
}

/** All members say that they belong to one cluster, and that it is another one than before. */
function proofOfNewCluster({ clusterBefore, after }: Rollback): Proof {
  const said = [...new Set([...after.values()].map((status) => status.cluster))];
  const members = [...after].map(([name, { id }]) => `${name} ${id}`).join(", ");
  return { source: "cluster id", text: `${clusterBefore} became ${said.join(" and ")}, with new members: ${members}`, holds: said.length === 1 && !said.includes(clusterBefore) };
}

/** The store holds nothing of what was put after the snapshot. By the time that it is first asked, clients may have written anew. */
async function proofOfRollback({ snapshotRevision, reachedRevision, marker, after }: Rollback, { cluster, clock, signal }: FaultContext): Promise<Proof> {
  const read = async (): Promise<"there" | "gone" | undefined> => {
    for (const { directUrl } of cluster.members) {
      const reply = await get(directUrl, marker.key, { signal }).catch(() => undefined);
      if (reply?.ok) return itemsOf(reply.body["kvs"]).length > 0 ? "there" : "gone";
    }
    return undefined;
  };
  const found = await waitFor(clock, read, { limitMs: readLimitMs, signal });
  const first = Math.max(...[...after.values()].map(({ revision }) => revision));
  const back = `the store went back from revision ${reachedRevision} to ${snapshotRevision}, and was at ${first} when first asked`;
  const undone = `every write after revision ${snapshotRevision} is undone, acknowledged or not`;
  const key = found === undefined ? "nobody tells whether the key is there" : `the key is ${found}`;
  return { source: "revision", text: `${back}; ${undone}: of one put at revision ${marker.revision}, ${key}`, holds: found === "gone" && first >= snapshotRevision };
}

/** Each member says that it is the one that it is taken for, in the one cluster; but for those that another fault keeps from answering. */
async function proofOfMembers(expected: string, { cluster, clock }: FaultContext): Promise<Proof> {
  let text = "";
  const agreed = await waitFor(
    clock,
    async () => {
      const said = await Promise.all(
        cluster.members.map(async (member) => {
          const hand = handOfOthers(member, cluster);
          if (hand !== undefined) return { text: hand, holds: true };
          const status = await memberStatus(member.directUrl).catch(() => undefined);
          if (status === undefined) return { text: `${member.name} does not answer a status request`, holds: false };
          return { text: `${member.name} as ${status.id} at revision ${status.revision}`, holds: status.cluster === expected && status.id === member.id };
        }),
      );
      text = said.map((each) => each.text).join(", ");
      return said.every(({ holds }) => holds) ? true : undefined;
    },
    { limitMs: agreeLimitMs, everyMs: 50 },
  );
  return { source: "status", text: `cluster ${expected}: ${text}`, holds: agreed === true };
}
