import type { Clock } from "../clock.ts";
import { memberStatus } from "../cluster/gateway.ts";
import { grantLease, leaseLeft, revokeLease } from "../cluster/leases.ts";
import type { Member } from "../cluster/member.ts";
import { openTimedWatch } from "./timed-watch.ts";

/** How long something took by a member's own clock, and how long it really took. */
export interface Passage {
  readonly ownMs: number;
  readonly tookMs: number;
}

/** A while by the member's own clock that at this rate really takes a second less or more. */
export function telltaleMs(rate: number): number {
  return (1_000 * rate) / Math.abs(rate - 1);
}

/** Nearer to what the rate says than to the true time, and not before; later it may be on a busy machine. */
export function showsRate({ ownMs, tookMs }: Passage, rate: number): boolean {
  const expectedMs = ownMs / rate;
  return tookMs >= 0.9 * expectedMs && Math.abs(tookMs - expectedMs) < Math.abs(tookMs - ownMs);
}

const latenessMaxMs = 500;

/** It took as long as the member thinks. */
export function showsTrueTime({ ownMs, tookMs }: Passage): boolean {
  return tookMs >= 0.9 * ownMs && tookMs <= ownMs + latenessMaxMs;
}

/** Lets the member end a watch after so long by its own clock; undefined where it does not within a limit. */
export async function passageOfWatch(member: Member, ownMs: number, clock: Clock, limitMs: number, signal?: AbortSignal): Promise<Passage | undefined> {
  const watch = await openTimedWatch(member, ownMs, clock, signal);
  const tookMs = await watch?.openForMs(limitMs, signal);
  return tookMs === undefined ? undefined : { ownMs, tookMs };
}

const askEveryMs = 20;
const spareSeconds = 60;

/**
 * Watches the seconds that a leader leaves a lease, from one change to another; undefined where
 * the member is not the leader, or does not answer, or takes longer than the limit.
 */
export async function passageOfLease(leader: Member, ownMs: number, clock: Clock, limitMs: number, signal: AbortSignal): Promise<Passage | undefined> {
  const { directUrl } = leader;
  const seconds = Math.ceil(ownMs / 1_000);
  const endMs = clock.nowMs() + limitMs;
  const lease = (await leads(leader)) ? await grantLease(directUrl, seconds + spareSeconds, { signal }) : undefined;
  if (lease === undefined) return undefined;
  try {
    let last = lease.seconds;
    let first: { readonly left: number; readonly atMs: number } | undefined;
    while (clock.nowMs() < endMs) {
      const left = await leaseLeft(directUrl, lease, { signal });
      const atMs = clock.nowMs();
      if (left === undefined) return undefined;
      if (left < last && first !== undefined && first.left - left >= seconds) return { ownMs: (first.left - left) * 1_000, tookMs: atMs - first.atMs };
      if (left < last) first ??= { left, atMs };
      last = left;
      await clock.sleep(askEveryMs, signal);
    }
    return undefined;
  } finally {
    await revokeLease(directUrl, lease).catch(() => undefined);
  }
}

/** Only the leader counts the time of leases. */
export async function leads({ directUrl, id }: Member): Promise<boolean> {
  return memberStatus(directUrl).then(({ leader }) => leader === id, () => false);
}
