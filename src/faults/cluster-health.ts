import { waitFor, type Clock } from "../clock.ts";
import type { RunningCluster } from "../cluster/cluster.ts";
import { isHealthy } from "../cluster/gateway.ts";
import type { Member } from "../cluster/member.ts";
import type { Proof } from "../recording/events.ts";
import { excuse, holdsOfOthers, type Hold } from "./holds.ts";

const healthLimitMs = 15_000;

/**
 * Waits until every member is healthy by quorum, but for those that another fault has its hand
 * on: they may be ill, and so may all be where the rest is no quorum.
 */
export async function proofOfHealth(cluster: RunningCluster, clock: Clock, own: readonly Hold[] = []): Promise<Proof> {
  const { members } = cluster;
  let ill: readonly Member[] = [];
  let excuses: readonly string[] = [];
  const well = async (): Promise<true | undefined> => {
    const expected = expectedHealthy(cluster, own);
    excuses = expected.excuses;
    const states = await Promise.all(expected.members.map(async (member) => ({ member, healthy: await isHealthy(member.directUrl) })));
    ill = states.flatMap(({ member, healthy }) => (healthy ? [] : [member]));
    return ill.length === 0 ? true : undefined;
  };
  const healed = await waitFor(clock, well, { limitMs: healthLimitMs, everyMs: 50 });
  const but = excuses.length === 0 ? "" : `; left out: ${excuses.join(", ")}`;
  const text = healed ? `${excuses.length === 0 ? `all ${members.length} members are` : "every other member is"} healthy` : `not healthy: ${ill.map(({ name }) => name).join(", ")}`;
  return { source: "health", text: text + but, holds: healed === true };
}

/** Another fault's hand on a member or on a link of its: `etcd-1 is paused by another fault`; undefined where there is none. */
export function handOfOthers(member: Member, { links }: RunningCluster, own: readonly Hold[] = []): string | undefined {
  const touching = [member, ...links.all().filter(({ from, to }) => from === member.name || to === member.name)];
  return touching.flatMap((what) => holdsOfOthers(what, own).map(({ condition }) => `${what.name} is ${condition} by another fault`)).at(0);
}

function expectedHealthy(cluster: RunningCluster, own: readonly Hold[]): { members: readonly Member[]; excuses: readonly string[] } {
  const { members } = cluster;
  // An alarm is one of the whole cluster, whichever member raised it.
  const full = excuse(members, ["full"], own);
  if (full !== undefined) return { members: [], excuses: [full] };
  const reasons = members.map((member) => ({ member, reason: handOfOthers(member, cluster, own) }));
  const free = reasons.flatMap(({ member, reason }) => (reason === undefined ? [member] : []));
  return { members: free.length > members.length / 2 ? free : [], excuses: [...new Set(reasons.flatMap(({ reason }) => reason ?? []))] };
}
