import { waitFor, type Clock } from "../clock.ts";
import { HarnessError } from "../errors.ts";
import { isHealthy, memberStatus, type MemberStatus } from "./gateway.ts";

interface Awaited {
  readonly name: string;
  readonly directUrl: string;
  /** Says how the member ended, if it did: waiting longer is then useless. */
  exited(): string | undefined;
  /** What it wrote that may tell why. */
  lastWords?(): string | undefined;
}

/**
 * Waits until every member is healthy by quorum and all name the same leader.
 * @returns each member's status, in the order given
 * @throws HarnessError `cluster` saying which members are not, and why
 */
export async function untilReady(members: readonly Awaited[], clock: Clock, limitMs = 30_000): Promise<MemberStatus[]> {
  const statuses = await waitFor(clock, () => settled(members), { limitMs, everyMs: 25 });
  if (statuses !== undefined) return statuses;
  const silent = await Promise.all(members.map(async ({ name, directUrl }) => ((await isHealthy(directUrl)) ? [] : [name])));
  throw new HarnessError("cluster", `the cluster was not ready within ${limitMs / 1000} s; not healthy: ${silent.flat().join(", ") || "none, but they do not agree on a leader"}`, {
    hint: "The members' logs in the run's folder say more.",
  });
}

async function settled(members: readonly Awaited[]): Promise<MemberStatus[] | undefined> {
  for (const member of members) {
    const exit = member.exited();
    if (exit !== undefined) throw endedWhileStarting(member, exit);
  }
  const healthy = await Promise.all(members.map(({ directUrl }) => isHealthy(directUrl)));
  if (!healthy.every(Boolean)) return undefined;
  const statuses = await Promise.all(members.map(({ directUrl }) => memberStatus(directUrl).catch(() => undefined)));
  const leaders = new Set(statuses.map((status) => status?.leader ?? null));
  const known = statuses.filter((status) => status !== undefined);
  return known.length === members.length && leaders.size === 1 && !leaders.has(null) ? known : undefined;
}

/** The error for a member whose process ended before it was ready; `exit` says how. */
export function endedWhileStarting(member: Pick<Awaited, "name" | "lastWords">, exit: string): HarnessError {
  const words = member.lastWords?.();
  return new HarnessError("cluster", `${member.name} ended while starting: ${exit}${words === undefined ? "" : `; it wrote: ${words}`}`, {
    hint: "A flag that this etcd does not know is the usual reason; the member's log in the run's folder has all of it.",
  });
}

/** Waits until the member answers by itself, quorum or not. @throws HarnessError `cluster` */
export async function untilAnswering(member: Awaited, clock: Clock, limitMs = 30_000): Promise<void> {
  const { name, directUrl } = member;
  const up = await waitFor(clock, async () => (member.exited() !== undefined || (await isHealthy(directUrl, { serializable: true })) ? true : undefined), { limitMs });
  const exit = member.exited();
  if (exit !== undefined) throw endedWhileStarting(member, exit);
  if (up === undefined) throw new HarnessError("cluster", `${name} did not answer within ${limitMs / 1000} s of its start`);
}
