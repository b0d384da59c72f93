import { z } from "zod";

import { blindSpots, joined, standstills, without, type Stretch } from "../src/analysis/coverage.ts";
import { leaderships, type Leadership } from "../src/analysis/leadership.ts";
import { contains } from "../src/analysis/windows.ts";
import type { Recording } from "../src/recording/recording.ts";
import { durationOption } from "../src/units/duration-option.ts";
import { formatDuration } from "../src/units/duration.ts";
import { defineAssertion } from "./assertion.ts";
import { boundsText, checkBounds, ifSeen, possibleBounds } from "./bounds.ts";
import type { Shared } from "./shared.ts";
import { worst, type Evidence, type Outcome, type Verdict } from "./verdict.ts";
import { judgeWindow, windowPhases, windowShape, windowTitle, type SeenWindow } from "./window.ts";
import { counted } from "./words.ts";

const count = z.number().int().min(0);

const options = z
  .strictObject({
    ...windowShape,
    "at-least": count.optional().meta({ description: "So many new leaders are to be seen." }),
    "at-most": count.optional().meta({ description: "No more than so many; 0 asks for a stable leader." }),
    "new-leader-within": durationOption("How long after the window's start the first new leader is to be seen at the latest, such as 5s.").optional(),
  })
  .refine((given) => given["at-least"] !== undefined || given["at-most"] !== undefined || given["new-leader-within"] !== undefined, {
    error: "needs at-least, at-most or new-leader-within",
  })
  .check(possibleBounds);

type Options = z.output<typeof options>;

/**
 * Counts pairs of leader and term that are first seen in the window, by Status or in the logs. The
 * counter that etcd exposes is per process and counts the first leader too, so it is not used.
 */
export const leaderChanges = defineAssertion({
  kind: "leader-changes",
  summary: "How many new leaders there were, and how soon the first was seen.",
  options,
  title: (given) => `leader changes ${windowTitle(given)}`,
  phases: windowPhases,
  isWindowed: true,
  isTimeBound: (given) => given["new-leader-within"] !== undefined,
  judge: (recording, given, shared) => judgeWindow(recording, given, boundText(given), (window) => judge(recording, given, window, shared)),
});

function boundText(given: Options): string {
  const within = given["new-leader-within"];
  const number = boundsText(given, (value) => counted(value, "change"));
  return [number, within === undefined ? "" : `new leader within ${formatDuration(within)}`].filter((text) => text !== "").join(", ");
}

function judge(recording: Recording, given: Options, window: SeenWindow, shared: Shared): Verdict {
  const { changes, unseen, allSeen, evidence } = countChanges(recording, window);
  const [first] = changes;
  const firstAfterMs = first === undefined ? undefined : first.firstSeenMs - window.startMs;
  const limitMs = given["new-leader-within"];
  const speed = limitMs === undefined ? undefined : checkSpeed(first && withoutWaits(recording, window, first, shared), limitMs, window, unseen);
  const number = checkBounds(changes.length, ifSeen(allSeen, { notLess: true, notMore: false }), { "at-least": given["at-least"], "at-most": given["at-most"] });
  const hasNumber = given["at-least"] !== undefined || given["at-most"] !== undefined;
  const outcome = worst([...(hasNumber ? [number] : []), ...(speed === undefined ? [] : [speed])]);
  const observed =
    firstAfterMs === undefined ? "no change" : `${counted(changes.length, "change")}, new leader after ${formatDuration(firstAfterMs)}`;
  return { outcome, observed, bound: boundText(given), ...reasonFor(outcome, observed, window, unseen), evidence: speed === "fail" && first !== undefined ? [...evidence, leaderless(window, first)] : evidence };
}

/** How long after the window's start a leader was seen; where it is judged so, as if no member had waited for a CPU until then. */
function withoutWaits({ info }: Recording, { startMs }: SeenWindow, { firstSeenMs }: Leadership, shared: Shared): number {
  return (firstSeenMs - startMs) * shared.unwaited({ startMs, endMs: firstSeenMs }, info.members.map(({ name }) => name));
}

function leaderless({ startMs: atMs }: SeenWindow, { firstSeenMs: endMs }: Leadership): Evidence {
  return { kind: "window", atMs, endMs, text: `no new leader was seen for ${formatDuration(endMs - atMs)}` };
}

export interface Changes {
  readonly changes: readonly Leadership[];
  /** When a leader could have gone unseen. */
  readonly unseen: readonly Stretch[];
  /** There were no others than those. */
  readonly allSeen: boolean;
  readonly evidence: readonly Evidence[];
}

/** The new leaders of a window. */
export function countChanges(recording: Recording, window: SeenWindow): Changes {
  const changes = changesIn(recording, window);
  const unseen = unseenStretches(recording, window);
  return { changes, unseen, allSeen: window.complete && unseen.length === 0, evidence: evidenceFor(recording, changes, window) };
}

/** The first leader of a recording is a change only where some Status came before it, which then knew of none. */
function changesIn(recording: Recording, window: SeenWindow): Leadership[] {
  const all = leaderships(recording);
  const [initial] = all;
  const seenWithout = initial !== undefined && recording.statuses.some(({ ok, atMs }) => ok && atMs < initial.firstSeenMs);
  return all.filter((leadership) => contains(window, leadership.firstSeenMs) && (leadership !== initial || seenWithout));
}

function checkSpeed(firstAfterMs: number | undefined, limitMs: number, window: SeenWindow, unseen: readonly Stretch[]): Outcome {
  if (firstAfterMs !== undefined && firstAfterMs <= limitMs) return "pass";
  const limit = window.startMs + limitMs;
  const watched = (firstAfterMs !== undefined || window.endMs >= limit) && unseen.every(({ startMs }) => startMs >= limit);
  return watched ? "fail" : "inconclusive";
}

const statusLateMs = 1_000;
/** Shorter than any election takes: no leader comes and goes meanwhile. */
const electionLeastMs = 100;

/**
 * Stretches in which fewer than a majority of the members answered Status calls: a leader that the
 * others elected could have gone unseen. Members that did not run cannot have elected one.
 */
function unseenStretches(recording: Recording, window: SeenWindow): Stretch[] {
  const members = recording.info.members.map(({ name }) => name);
  const blind = members.map((member) => {
    const answeredMs = recording.statuses.filter((sample) => sample.ok && sample.member === member).map(({ atMs }) => atMs);
    const ran = without([window], standstills(recording, member));
    // However short the window is: without any answer in it nobody can tell.
    if (!answeredMs.some((atMs) => contains(window, atMs))) return ran;
    return without(blindSpots(answeredMs, window, statusLateMs), standstills(recording, member)).filter(({ startMs, endMs }) => endMs - startMs > statusLateMs);
  });
  const enough = Math.ceil(members.length / 2);
  const edges = [...new Set(blind.flat().flatMap(({ startMs, endMs }) => [startMs, endMs]))].sort((a, b) => a - b);
  const pieces = edges.flatMap((startMs, index): Stretch[] => {
    const endMs = edges[index + 1];
    const unseen = blind.filter((stretches) => stretches.some((each) => each.startMs <= startMs && each.endMs > startMs)).length;
    return endMs !== undefined && unseen >= enough ? [{ startMs, endMs }] : [];
  });
  return joined(pieces).filter(({ startMs, endMs }) => endMs - startMs >= electionLeastMs);
}

function reasonFor(outcome: Outcome, observed: string, window: SeenWindow, unseen: readonly Stretch[]): { reason?: string } {
  if (outcome === "pass") return {};
  if (outcome === "fail") return { reason: `${observed} was seen in the ${formatDuration(window.endMs - window.startMs)} of ${window.name}` };
  const [gap] = unseen;
  if (gap !== undefined) return { reason: `too few members answered Status calls from ${formatDuration(gap.startMs)} to ${formatDuration(gap.endMs)}` };
  return { reason: `${window.name} lasted only ${formatDuration(window.endMs - window.startMs)}` };
}

const evidenceMax = 10;

function evidenceFor(recording: Recording, changes: readonly Leadership[], { startMs, endMs, name }: SeenWindow): Evidence[] {
  if (changes.length > 0) {
    return changes.slice(0, evidenceMax).map(({ seenBy: kind, firstSeenMs: atMs, source: member, text }) => ({ kind, atMs, member, text }));
  }
  const answers = recording.statuses.filter(({ ok, atMs }) => ok && atMs >= startMs && atMs < endMs);
  const leaders = new Set(answers.flatMap((sample) => (sample.ok && sample.leader !== null ? [sample.leader] : [])));
  const whom = leaders.size === 0 ? "no leader" : `${[...leaders].join(", ")} as leader`;
  return [{ kind: "window", atMs: startMs, endMs, text: `${counted(answers.length, "Status answer")} in ${name}, naming ${whom}` }];
}
