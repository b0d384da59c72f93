import type { Link } from "../cluster/links.ts";
import type { Member } from "../cluster/member.ts";
import type { Proof } from "../recording/events.ts";
import { formatDuration } from "../units/duration.ts";
import type { FaultContext, Seen } from "./fault.ts";
import { excused, type Holder } from "./holds.ts";
import { listed, rangeOf, roundTrips, type RoundTrip } from "./probe.ts";

const source = "round trip";

/**
 * No link answers any more, and each target had one that did: where nothing answered before,
 * as with a member that was down, silence shows nothing.
 */
export function cutProof(before: readonly RoundTrip[], after: readonly RoundTrip[], targets: readonly Member[], limitMs: number): Proof {
  const open = after.filter(({ tookMs }) => tookMs !== undefined);
  if (open.length > 0) {
    return { source, text: `${listed(open.map(({ link }) => link.name))} still answered, in ${rangeOf(open.map(({ tookMs }) => tookMs))}`, holds: false };
  }
  const answeredBefore = (name: string): boolean => before.some(({ link, tookMs }) => tookMs !== undefined && (link.from === name || link.to === name));
  const mute = targets.filter(({ name }) => !answeredBefore(name));
  const links = `no answer over ${after.length} links within ${formatDuration(limitMs)}`;
  if (mute.length > 0 || after.length === 0) return { source, text: `${links}, but before the cut none over those of ${listed(mute.map(({ name }) => name))} either`, holds: false };
  return { source, text: `${links}; before the cut ${rangeOf(before.map(({ tookMs }) => tookMs))}`, holds: true };
}

const healLimitMs = 15_000;
const answerLimitMs = 2_000;
const askEveryMs = 100;

/** Waits until every link answers again, but for those that another fault stands in the way of. */
export async function answersAgain(links: readonly Link[], { cluster, clock }: FaultContext, cuts: Holder, limitMs = healLimitMs): Promise<Seen> {
  const endMs = clock.nowMs() + limitMs;
  for (;;) {
    const sinceMs = clock.nowMs();
    const { free, excuses } = excused(links, cluster.members, ["cut", "impaired", "paused", "killed"], cuts.holds);
    const trips = await roundTrips(free, clock, { limitMs: answerLimitMs });
    if (trips.every(({ tookMs }) => tookMs !== undefined) || clock.nowMs() >= endMs) return { sinceMs, proof: openProof(trips, links.length, excuses, limitMs) };
    await clock.sleep(askEveryMs);
  }
}

function openProof(trips: readonly RoundTrip[], linkCount: number, excuses: readonly string[], limitMs: number): Proof {
  const missing = trips.filter(({ tookMs }) => tookMs === undefined);
  if (missing.length > 0) return { source, text: `no answer over ${listed(missing.map(({ link }) => link.name))} within ${formatDuration(limitMs)}`, holds: false };
  const again = trips.length === 0 ? [] : [`${trips.length} of ${linkCount} links answer again, in ${rangeOf(trips.map(({ tookMs }) => tookMs))}`];
  return { source, text: [...again, ...(excuses.length > 0 ? [listed(excuses)] : [])].join("; "), holds: true };
}
