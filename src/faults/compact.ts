import { z } from "zod";
import { waitFor } from "../clock.ts";
import type { Reply } from "../cluster/gateway-request.ts";
import { compact as compactAt, compactedReason, newestRevision, readAt } from "../cluster/maintenance.ts";
import type { Member } from "../cluster/member.ts";
import { HarnessError } from "../errors.ts";
import type { Proof } from "../recording/events.ts";
import { proofOfHealth } from "./cluster-health.ts";
import { defineFault, type ActiveFault, type FaultContext } from "./fault.ts";
import { readMetrics } from "./member-metrics.ts";
import { targetSchema } from "./target.ts";

const options = z.strictObject({
  target: targetSchema,
  keep: z.int().min(0).default(0).meta({ description: "How many revisions behind the newest stay readable." }),
  physical: z.boolean().default(false).meta({ description: "Waits until the compacted revisions are gone from the target's database, not only out of reach." }),
});

/** etcd clears a compacted database bit by bit, so that a large one takes its time. */
const compactLimitMs = 60_000;
const effectLimitMs = 10_000;
const lastRevision = "etcd_debugging_mvcc_compact_revision";
const sweeps = "etcd_debugging_mvcc_db_compaction_total_duration_milliseconds_count";

/** Compacts the store's history once: reads and watches of older revisions are refused from then on. */
export const compact = defineFault({
  kind: "compact",
  summary: "Compacts the store's history, so that older revisions cannot be read or watched any more.",
  glyph: "⇲",
  options,
  needs: [],
  title: ({ target, keep, physical }) => `compact asking ${target}${keep === 0 ? "" : `, keeping ${keep} revisions`}${physical ? ", physical" : ""}`,
  async inject(context, { keep, physical }): Promise<ActiveFault> {
    const { signal, clock } = context;
    signal.throwIfAborted();
    // One compaction is the whole cluster's: asking a second member for it would be refused.
    const [member] = context.targets;
    if (member === undefined) throw new HarnessError("fault", "there is no member to ask for a compaction");
    const sweptBefore = (await readMetrics(member))?.value(sweeps);
    const revision = await compactable(member, keep, signal);
    const reply = await compactAt(member.directUrl, revision, { physical, limitMs: compactLimitMs, signal });
    if (!reply.ok) throw new HarnessError("fault", `${member.name} refuses to compact at revision ${revision}: ${reply.reason}`);
    const compactedMs = clock.nowMs();
    return {
      async effect() {
        const proofs = await Promise.all([
          proofOfRefusal(member, revision, context),
          proofOfMetric(member, revision, context),
          physical ? proofOfSweep(member, sweptBefore, context) : [],
        ]);
        return { sinceMs: compactedMs, proofs: proofs.flat() };
      },
      // What is compacted stays so.
      heal: async () => undefined,
      async healed() {
        const proof = await proofOfHealth(context.cluster, clock);
        return { sinceMs: clock.nowMs(), proofs: [proof] };
      },
    };
  },
});

/** The revision to compact at: one that leaves an older one behind, which could be read until now. */
async function compactable({ name, directUrl }: Member, keep: number, signal: AbortSignal): Promise<number> {
  const newest = await newestRevision(directUrl, { signal });
  const revision = newest - keep;
  if (revision < 2) throw new HarnessError("fault", `there is nothing to compact: the newest revision is ${newest}${keep === 0 ? "" : `, and ${keep} behind it are kept`}`);
  const before = await readAt(directUrl, revision - 1, { signal });
  if (!before.ok) throw new HarnessError("fault", `there is nothing to compact at revision ${revision}: ${name} refuses a read at ${revision - 1} already (${before.reason})`);
  return revision;
}

async function proofOfRefusal({ name, directUrl }: Member, revision: number, { clock, signal }: FaultContext): Promise<Proof> {
  const source = "read";
  const older = revision - 1;
  let last: Reply | undefined;
  const refused = await waitFor(
    clock,
    async () => {
      last = await readAt(directUrl, older, { signal }).catch(() => undefined);
      signal.throwIfAborted();
      return last?.ok === false && last.reason.includes(compactedReason) ? true : undefined;
    },
    { limitMs: effectLimitMs, signal },
  );
  if (refused) return { source, text: `${name} refuses a read at revision ${older} as compacted, and answered it before`, holds: true };
  const text = last === undefined ? "does not answer a read" : last.ok ? "still answers a read" : `refuses a read with "${last.reason}", not as compacted,`;
  return { source, text: `${name} ${text} at revision ${older}`, holds: false };
}

/** Since 3.5 a member also tells the revision; an older one is not asked for more than the read. */
async function proofOfMetric(member: Member, revision: number, { clock, signal }: FaultContext): Promise<Proof[]> {
  let value: number | undefined;
  const reached = await waitFor(
    clock,
    async () => {
      value = (await readMetrics(member))?.value(lastRevision);
      return value === undefined || value >= revision ? true : undefined;
    },
    { limitMs: effectLimitMs, signal },
  );
  if (value === undefined) return [];
  return [{ source: "metrics", text: `${lastRevision} of ${member.name} is ${value}, asked for was ${revision}`, holds: reached === true }];
}

async function proofOfSweep(member: Member, before: number | undefined, { clock, signal }: FaultContext): Promise<Proof> {
  let now: number | undefined;
  const swept = await waitFor(
    clock,
    async () => {
      now = (await readMetrics(member))?.value(sweeps);
      return now !== undefined && before !== undefined && now > before ? true : undefined;
    },
    { limitMs: effectLimitMs, signal },
  );
  return { source: "metrics", text: `${member.name} has swept its database ${now ?? "?"} times, ${before ?? "?"} before the compaction`, holds: swept === true };
}
