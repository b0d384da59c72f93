import { z } from "zod";
import { memberStatus } from "../cluster/gateway.ts";
import { defragment } from "../cluster/maintenance.ts";
import type { Member } from "../cluster/member.ts";
import { messageOf } from "../errors.ts";
import type { Proof } from "../recording/events.ts";
import { formatDuration } from "../units/duration.ts";
import { proofOfHealth } from "./cluster-health.ts";
import { defineFault, type ActiveFault, type FaultContext } from "./fault.ts";
import { readMetrics } from "./member-metrics.ts";
import { targetSchema } from "./target.ts";

const options = z.strictObject({
  target: targetSchema,
  together: z.boolean().default(false).meta({ description: "All targets at once; otherwise one after the other." }),
});

/** A large database on a slow disk takes minutes, and nothing can interrupt it. */
const defragLimitMs = 300_000;
const counter = "etcd_disk_backend_defrag_duration_seconds_count";

interface Look {
  readonly count: number | undefined;
  readonly bytes: number | undefined;
}

/** What came of one member's defragmentation. */
interface Done {
  readonly member: Member;
  readonly before: Look;
  readonly tookMs: number;
  readonly error?: string;
}

/** Defragments the targets: a member serves nothing while it rebuilds its database. */
export const defrag = defineFault({
  kind: "defrag",
  summary: "Defragments the target's database, during which it serves nothing.",
  glyph: "▤",
  options,
  needs: [],
  title: ({ target, together }) => `defrag ${target}${together ? ", together" : ""}`,
  async inject(context, { together }): Promise<ActiveFault> {
    const { targets, clock, signal } = context;
    signal.throwIfAborted();
    const startedMs = clock.nowMs();
    const healing = new AbortController();
    const working = together ? Promise.all(targets.map((member) => defragOne(member, context))) : inTurn(context, healing.signal);
    return {
      async effect() {
        const proofs = await Promise.all((await unlessAborted(working, signal)).map(proofOfRebuilding));
        return { sinceMs: startedMs, proofs };
      },
      async heal() {
        // What has begun cannot be stopped; what has not does not begin any more.
        healing.abort();
        await working;
      },
      async healed() {
        const proof = await proofOfHealth(context.cluster, clock);
        return { sinceMs: clock.nowMs(), proofs: [proof] };
      },
    };
  },
});

async function inTurn(context: FaultContext, healing: AbortSignal): Promise<Done[]> {
  const done: Done[] = [];
  for (const member of context.targets) {
    if (healing.aborted || context.signal.aborted) {
      done.push({ member, before: { count: undefined, bytes: undefined }, tookMs: 0, error: "the fault was over before its turn came" });
    } else done.push(await defragOne(member, context));
  }
  return done;
}

async function defragOne(member: Member, { clock }: FaultContext): Promise<Done> {
  const before = await look(member);
  const startMs = clock.nowMs();
  const error = await defragment(member.directUrl, { limitMs: defragLimitMs }).then(() => undefined, messageOf);
  return { member, before, tookMs: clock.nowMs() - startMs, ...(error === undefined ? {} : { error }) };
}

async function look(member: Member): Promise<Look> {
  const [metrics, status] = await Promise.all([readMetrics(member), memberStatus(member.directUrl).catch(() => undefined)]);
  return { count: metrics?.value(counter), bytes: status?.databaseBytes };
}

async function proofOfRebuilding({ member, before, tookMs, error }: Done): Promise<Proof> {
  const source = "metrics";
  if (error !== undefined) return { source, text: `${member.name}: ${error}`, holds: false };
  const now = await look(member);
  const grew = before.count !== undefined && now.count !== undefined && now.count > before.count;
  const counted = `${counter} of ${member.name} went from ${before.count ?? "?"} to ${now.count ?? "?"}`;
  return { source, text: `${counted} in ${formatDuration(tookMs)}; its database from ${size(before.bytes)} to ${size(now.bytes)}`, holds: grew };
}

function size(bytes: number | undefined): string {
  return bytes === undefined ? "unknown" : `${(bytes / 1_048_576).toFixed(2)} MiB`;
}

/** Waits for the work, but no longer than until the run is aborted. */
async function unlessAborted<T>(work: Promise<T>, signal: AbortSignal): Promise<T> {
  signal.throwIfAborted();
  return new Promise<T>((resolve, reject) => {
    const abort = (): void => reject(signal.reason);
    signal.addEventListener("abort", abort, { once: true });
    work.then(resolve, reject).finally(() => signal.removeEventListener("abort", abort));
  });
}
