import type { Recording } from "../recording/recording.ts";
import { baselineWindow } from "./baseline.ts";
import { faultWindows } from "./fault-windows.ts";
import { runWindow, whyUnfinished, type TimeWindow } from "./windows.ts";

/** A stretch of the run in which nothing was done to the cluster, or why there is none. */
export type CalmWindow = (TimeWindow & { readonly complete: boolean }) | { readonly reason: string };

/** The time before the first fault, from when the load had begun. */
export function calmBefore(recording: Recording): CalmWindow {
  const window = baselineWindow(recording);
  if (window === undefined) return { reason: `there was no time before the first fault${because(recording)}` };
  return { ...window, complete: recording.info.status === "finished" || faultWindows(recording).length > 0 };
}

/** The time from so long after the last fault is proven to have healed to the end of the timeline; undefined in a run without faults. */
export function calmAfter(recording: Recording, settleMs: number): CalmWindow | undefined {
  const faults = faultWindows(recording);
  if (faults.length === 0) return undefined;
  // One that could not be injected at all was undone, and is over; that it struck not is told as an assumption.
  const healedMs = faults.filter(({ outcome }) => outcome !== "failed").map((fault) => fault.healedMs);
  if (healedMs.includes(undefined)) return { reason: `not every fault is known to have healed${because(recording)}` };
  const startMs = Math.max(...healedMs.map((atMs = 0) => atMs), faults.at(-1)?.requestedMs ?? 0) + settleMs;
  const { endMs } = runWindow(recording);
  if (startMs >= endMs) return { reason: `nothing of the timeline was left once the last fault had healed${settleMs === 0 ? "" : " and the cluster had had its time to settle"}${because(recording)}` };
  return { name: "the time after the last fault", startMs, endMs, complete: recording.info.status === "finished" };
}

function because(recording: Recording): string {
  const why = whyUnfinished(recording);
  return why === undefined ? "" : `: ${why}`;
}

/** A recording with a stretch for its whole timeline: what is judged over the run is then judged over that. What was recorded is all still there. */
export function withTimeline(recording: Recording, { name, startMs, endMs, complete }: TimeWindow & { readonly complete: boolean }): Recording {
  return { ...recording, part: name, phases: [{ name, startMs, endMs }], info: complete ? { ...recording.info, status: "finished" } : recording.info };
}
