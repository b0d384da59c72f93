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

function expectedHealthy({ members, links }: RunningCluster, own: readonly Hold[]): { members: readonly Member[]; excuses: readonly string[] } {
  // An alarm is one of the whole cluster, whichever member raised it.
  const full = excuse(members, ["full"], own);
  if (full !== undefined) return { members: [], excuses: [full] };
  const all = links.all();
  const reasons = members.map((member) => {
    const touching = [member, ...all.filter(({ from, to }) => from === member.name || to === member.name)];
    const found = touching.flatMap((what) => holdsOfOthers(what, own).map(({ condition }) => `${what.name} is ${condition} by another fault`));
    return { member, reason: found.at(0) };
  });
  const free = reasons.flatMap(({ member, reason }) => (reason === undefined ? [member] : []));
  return { members: free.length > members.length / 2 ? free : [], excuses: [...new Set(reasons.flatMap(({ reason }) => reason ?? []))] };
}
