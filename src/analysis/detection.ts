import type { Recording } from "../recording/recording.ts";
import type { StatusSample } from "../recording/samples.ts";
import { baselineWindow } from "./baseline.ts";
import type { Stretch } from "./coverage.ts";
import { tellingTag } from "./log-excerpts.ts";
import type { Took } from "./recovery-times.ts";
import { contains } from "./windows.ts";

/**
 * The first sign in a stretch that a member noticed something: a telling log line of a kind that no member wrote in the
 * baseline, or a Status that names no leader or a term newer than any before.
 */
export function firstSign(recording: Recording, stretch: Stretch): Took {
  const signs = [signInLogs(recording, stretch), signInStatus(recording, stretch)].filter((sign) => sign !== undefined);
  const [first] = signs.sort((a, b) => a.atMs - b.atMs);
  if (first === undefined) return { ms: undefined, text: "no member wrote or said anything that tells of it" };
  return { ms: first.atMs - stretch.startMs, ...first };
}

interface Sign {
  readonly atMs: number;
  readonly text: string;
}

function signInLogs(recording: Recording, stretch: Stretch): Sign | undefined {
  const baseline = baselineWindow(recording);
  const usual = new Set(recording.logs.flatMap((line) => (baseline !== undefined && contains(baseline, line.atMs) ? (tellingTag(line) ?? []) : [])));
  for (const line of recording.logs) {
    if (!contains(stretch, line.atMs)) continue;
    const tag = tellingTag(line);
    if (tag !== undefined && !usual.has(tag)) return { atMs: line.atMs, text: `${line.member} wrote: ${line.msg.slice(0, 200)}` };
  }
  return undefined;
}

function signInStatus({ statuses }: Recording, stretch: Stretch): Sign | undefined {
  const termBefore = statuses.reduce((newest, sample) => (sample.ok && sample.atMs < stretch.startMs ? Math.max(newest, sample.term) : newest), 0);
  const tells = (sample: StatusSample): boolean => sample.ok && (sample.leader === null || (termBefore > 0 && sample.term > termBefore));
  const sample = statuses.find((each) => contains(stretch, each.atMs) && tells(each));
  if (sample?.ok !== true) return undefined;
  const { member, atMs, leader, term } = sample;
  return { atMs, text: leader === null ? `${member} said that it has no leader` : `${member} said that the term is ${term}` };
}
