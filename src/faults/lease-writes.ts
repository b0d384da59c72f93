import type { Clock } from "../clock.ts";
import { ask } from "../cluster/gateway-request.ts";
import type { Member } from "../cluster/member.ts";
import type { Waiting } from "./probe.ts";

// A lease changes no key and no revision, so that histories stay what the load made them.
const leaseSeconds = 10;

/** What came of a write through a member. */
export type WriteAnswer =
  | { readonly kind: "written"; readonly tookMs: number }
  | { readonly kind: "refused"; readonly reason: string }
  | { readonly kind: "silent" }; // no answer within the limit, or none at all

/** Grants a lease through the member, which ends by itself. @throws the signal's reason when aborted */
export async function askToWrite({ directUrl }: Member, clock: Clock, { limitMs, signal }: Waiting): Promise<WriteAnswer> {
  const startMs = clock.nowMs();
  const waiting = signal === undefined ? { limitMs } : { limitMs, signal };
  const reply = await ask(directUrl, "/lease/grant", { TTL: String(leaseSeconds) }, waiting).catch(() => undefined);
  signal?.throwIfAborted();
  if (reply === undefined) return { kind: "silent" };
  return reply.ok ? { kind: "written", tookMs: clock.nowMs() - startMs } : { kind: "refused", reason: reply.reason };
}

/** Grants so many leases at once, so that the database grows: what it frees again it uses first. */
export async function growDatabase(member: Member, count: number, clock: Clock, waiting: Waiting): Promise<void> {
  await Promise.all(Array.from({ length: count }, () => askToWrite(member, clock, waiting)));
}
