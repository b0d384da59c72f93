import type { Recording } from "../recording/recording.ts";
import type { Stretch } from "./coverage.ts";
import { faultWindows } from "./fault-windows.ts";

/**
 * When a cluster was exchanged for one that was restored from a snapshot, with lower revisions and indexes; without a proof
 * of when, all of the fault's time.
 */
export function rewinds(recording: Recording): Stretch[] {
  return faultWindows(recording)
    .filter(({ kind }) => kind === "restore-snapshot")
    .map(({ requestedMs, effectiveMs, healedMs }) => ({ startMs: effectiveMs ?? requestedMs, endMs: effectiveMs ?? healedMs ?? Infinity }));
}
