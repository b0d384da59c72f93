import { waitFor, type Clock } from "../clock.ts";
import type { RunningCluster } from "../cluster/cluster.ts";
import { versionsOf } from "../cluster/gateway.ts";
import type { Member } from "../cluster/member.ts";
import type { Proof } from "../recording/events.ts";
import { handOfOthers } from "./cluster-health.ts";
import { excuse } from "./holds.ts";

const source = "version";
/** The leader looks every four seconds. */
const noticeLimitMs = 15_000;
const answerLimitMs = 10_000;

/** The member says that it is this version. */
export async function proofOfVersion(member: Member, expected: string | undefined, clock: Clock): Promise<Proof> {
  const { name, directUrl } = member;
  const excused = excuse([member], ["paused", "killed"]);
  if (excused !== undefined) return { source, text: excused, holds: true };
  const now = await waitFor(clock, () => versionsOf(directUrl), { limitMs: answerLimitMs });
  if (now === undefined) return { source, text: `${name} does not say which version it is`, holds: false };
  if (now.server === expected) return { source, text: `${name} is etcd ${now.server}`, holds: true };
  return { source, text: `${name} is etcd ${now.server}, and ${expected ?? "no version"} was expected`, holds: false };
}

/**
 * Waits until the cluster goes by the version of its oldest member, as every member tells. Until
 * its leader has noticed that the last one was upgraded it goes by an older one, which may do.
 */
export async function proofOfClusterVersion({ members, ...cluster }: RunningCluster, clock: Clock, { mayLag = false, signal }: { mayLag?: boolean; signal?: AbortSignal } = {}): Promise<Proof> {
  let text = "";
  const agreed = await waitFor(
    clock,
    async () => {
      const asked = await Promise.all(members.map(async (member) => ({ member, versions: await versionsOf(member.directUrl) })));
      const silent = asked.flatMap(({ member, versions }) => (versions === undefined ? [member] : []));
      const excuses = silent.map((member) => handOfOthers(member, { ...cluster, members }));
      // Whom another fault keeps from answering may be the oldest.
      if (silent.length > 0 && excuses.every((each) => each !== undefined)) {
        text = `not all members can be asked for their version: ${excuses.join(", ")}`;
        return true;
      }
      const known = asked.flatMap(({ versions }) => versions ?? []);
      const oldest = Math.min(...known.map(({ server }) => seriesNumber(server)));
      const fits = (series: number): boolean => series === oldest || (mayLag && series < oldest);
      const servers = [...new Set(known.map(({ server }) => server))].sort();
      const said = [...new Set(known.map((each) => each.cluster))].sort();
      text = `the cluster goes by ${said.join(" and ") || "no version"}, of members ${servers.join(" and ") || "unknown"}${silent.length === 0 ? "" : `; without an answer: ${silent.map(({ name }) => name).join(", ")}`}`;
      return silent.length === 0 && known.every((each) => fits(seriesNumber(each.cluster))) ? true : undefined;
    },
    { limitMs: noticeLimitMs, everyMs: 50, ...(signal === undefined ? {} : { signal }) },
  );
  return { source: "cluster version", text, holds: agreed === true };
}

/** A number that is larger for a later series; patch releases of one series can be mixed at will. */
function seriesNumber(version: string): number {
  const [major = 0, minor = 0] = version.split(".").map(Number);
  return major * 10_000 + minor;
}
