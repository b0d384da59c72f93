import { compact, compactedReason, defragment, deletePrefix, newestRevision, put } from "../cluster/maintenance.ts";
import type { Member } from "../cluster/member.ts";
import { HarnessError } from "../errors.ts";
import { toEach } from "./each.ts";
import { readMetrics } from "./member-metrics.ts";

export const spaceExceeded = "database space exceeded";

const prefix = "etcd-chaos/filler/";
/** Under etcd's limit for a request, 1.5 MiB. */
const valueBytes = 1_048_576;
/** Every member writes so much, twice, to its log and to its database. */
const quotaMaxBytes = 256 * 1_048_576;
const putLimitMs = 15_000;
const defragLimitMs = 60_000;

/** Puts large values until the database's quota is used up. @returns how much was put */
export async function fillDatabase(member: Member, signal: AbortSignal): Promise<string> {
  const quotaBytes = (await readMetrics(member))?.value("etcd_server_quota_backend_bytes");
  if (quotaBytes === undefined) throw new HarnessError("fault", `${member.name} does not tell its quota`);
  if (quotaBytes > quotaMaxBytes) {
    throw new HarnessError("fault", `the quota of ${mebibytes(quotaBytes)} is too large to fill, ${mebibytes(quotaMaxBytes)} at most`, {
      hint: "Set quota-backend-bytes among the cluster's flags, such as 33554432, or use via: alarm.",
    });
  }
  const value = "x".repeat(valueBytes);
  const enough = Math.ceil(quotaBytes / valueBytes) + 1;
  for (let count = 0; count <= enough; count++) {
    const reply = await put(member.directUrl, `${prefix}${count}`, value, { limitMs: putLimitMs, signal });
    if (reply.ok) continue;
    if (reply.reason.includes(spaceExceeded)) return `${mebibytes(count * valueBytes)} into a quota of ${mebibytes(quotaBytes)}`;
    throw new HarnessError("fault", `${member.name} refuses a put, and not for want of space: ${reply.reason}`);
  }
  throw new HarnessError("fault", `${member.name} took ${mebibytes(enough * valueBytes)} and is still not full, with a quota of ${mebibytes(quotaBytes)}`);
}

/**
 * Takes the filler away as an operator would: deletes it, compacts what was deleted out of the
 * history, and defragments the members, for only that makes a database smaller.
 */
export async function clearFiller(askedUrl: string, members: readonly Member[]): Promise<void> {
  const deleted = await deletePrefix(askedUrl, prefix, { limitMs: putLimitMs });
  if (!deleted.ok) throw new HarnessError("fault", `the filler could not be deleted: ${deleted.reason}`);
  const compacted = await compact(askedUrl, await newestRevision(askedUrl), { physical: true, limitMs: defragLimitMs });
  if (!compacted.ok && !compacted.reason.includes(compactedReason)) throw new HarnessError("fault", `the filler could not be compacted away: ${compacted.reason}`);
  // The others' databases are swept a little later than the one that was asked.
  await toEach(members, async ({ directUrl }) => {
    await compact(directUrl, await newestRevision(directUrl), { physical: true, limitMs: defragLimitMs });
    await defragment(directUrl, { limitMs: defragLimitMs });
  });
}

function mebibytes(bytes: number): string {
  return `${Math.round(bytes / 1_048_576)} MiB`;
}
