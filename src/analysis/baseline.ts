import type { Recording } from "../recording/recording.ts";
import { runWindow, type TimeWindow } from "./windows.ts";

/**
 * What a run was like when nothing was done to it yet: from when the load had begun, or from the first phase on where that is
 * later, to the first request of any fault; to the end of the timeline where there was none. Undefined where that is no time.
 */
export function baselineWindow(recording: Recording): TimeWindow | undefined {
  const { startMs, endMs } = runWindow(recording);
  const begun = recording.events.find((event) => event.type === "workload" && event.state === "started");
  const struck = recording.events.find((event) => event.type === "fault");
  const window = { name: "the time before the first fault", startMs: Math.max(startMs, begun?.atMs ?? startMs), endMs: Math.min(endMs, struck?.atMs ?? endMs) };
  return window.startMs < window.endMs ? window : undefined;
}
