import { formatDuration } from "../units/duration.ts";
import { suggestion } from "./suggest.ts";
import type { Outline, OutlineFault, OutlinePhase } from "./outline.ts";
import type { Trouble } from "./window-checks.ts";

/** More often than this is a mistake in a unit. */
const turnsMax = 1000;

/** What is wrong with when faults begin and end, and with whom they follow. */
export function faultTimes({ phases }: Outline): Trouble[] {
  return phases.flatMap((phase) =>
    phase.faults.flatMap((fault) => {
      const until = untilTrouble(phase, fault, phases);
      return [...following(fault), ...everyAlone(fault), ...(until === undefined ? timing(fault, phase, phases) : [until])];
    }),
  );
}

function untilTrouble(phase: OutlinePhase, { entry, until, forMs, everyMs }: OutlineFault, phases: readonly OutlinePhase[]): Trouble | undefined {
  const place = entry.children.get("until");
  if (until === undefined || place === undefined) return undefined;
  const later = phases.slice(phases.indexOf(phase) + 1).flatMap(({ name }) => name ?? []);
  if (!later.includes(until)) {
    const known = phases.some(({ name }) => name === until);
    const which = later.length === 0 ? "There is no later phase." : `Later phases: ${later.join(", ")}.`;
    return known ? { place, message: `"${until}" does not come after the fault's own phase`, hint: which } : { place, message: `unknown phase "${until}"`, hint: suggestion(until, later, which) };
  }
  if (forMs === undefined || everyMs !== undefined) return undefined;
  return { place, message: '"until" and "for" both say when the fault ends', hint: 'Leave one of them out; both make sense with "every" alone.' };
}

function timing({ entry, atMs = 0, forMs, everyMs, until }: OutlineFault, phase: OutlinePhase, phases: readonly OutlinePhase[]): Trouble[] {
  if (phase.durationMs === undefined) return [];
  const lasts = `the phase lasts ${formatDuration(phase.durationMs)}`;
  const at = entry.children.get("at");
  if (at !== undefined && atMs >= phase.durationMs) return [{ place: at, message: `the fault would begin at ${formatDuration(atMs)}, but ${lasts}` }];
  const endMs = until === undefined ? phase.durationMs : lengthUpTo(until, phase, phases);
  if (endMs === undefined) return [];
  if (everyMs !== undefined) return repeating({ place: entry.children.get("every") ?? entry, everyMs, forMs, timeMs: endMs - atMs });
  if (forMs === undefined || atMs + forMs <= endMs) return [];
  const left = `Leave "for" out to keep it until the phase ends, which is for ${formatDuration(endMs - atMs)}.`;
  return [{ place: entry.children.get("for") ?? entry, message: `the fault would end at ${formatDuration(atMs + forMs)}, but ${lasts}`, hint: left }];
}

/** Told also where the phase's length is not known. */
function everyAlone({ entry }: OutlineFault): Trouble[] {
  const place = entry.children.get("every");
  if (place === undefined || entry.children.has("for")) return [];
  return [{ place, message: '"every" needs "for", which says how long the fault stays each time' }];
}

interface Repetition {
  readonly place: Trouble["place"];
  readonly everyMs: number;
  readonly forMs: number | undefined;
  /** From the first injection to the end. */
  readonly timeMs: number;
}

function repeating({ place, everyMs, forMs, timeMs }: Repetition): Trouble[] {
  if (forMs === undefined) return [];
  if (forMs >= everyMs) return [{ place, message: `the fault would stay for ${formatDuration(forMs)} and come again after ${formatDuration(everyMs)}`, hint: '"every" counts from injection to injection and must be longer than "for".' }];
  if (forMs > timeMs) return [{ place, message: `the fault would not end once in the ${formatDuration(timeMs)} that it has` }];
  if (timeMs / everyMs <= turnsMax) return [];
  return [{ place, message: `the fault would come ${Math.ceil(timeMs / everyMs)} times, and ${turnsMax} is the most` }];
}

/** From the phase's start to that of a later one; undefined where a duration between is wrong. */
function lengthUpTo(name: string, phase: OutlinePhase, phases: readonly OutlinePhase[]): number | undefined {
  const between = phases.slice(phases.indexOf(phase), phases.findIndex((each) => each.name === name));
  return between.reduce<number | undefined>((sum, { durationMs }) => (sum === undefined || durationMs === undefined ? undefined : sum + durationMs), 0);
}

function following({ entry, follows, choices }: OutlineFault): Trouble[] {
  const place = entry.children.get("follow");
  const other = choices.find(({ thing }) => thing.target !== "leader");
  if (!follows || place === undefined || other === undefined) return [];
  return [{ place, message: `a fault can follow the leader only where its target is leader, and this one's is ${other.thing.target}` }];
}
