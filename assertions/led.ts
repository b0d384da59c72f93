import { leaderships } from "../src/analysis/leadership.ts";
import type { Recording } from "../src/recording/recording.ts";
import type { SeenWindow } from "./window.ts";

/** A member while it led, within a window. */
export interface Led {
  readonly leader: string;
  readonly window: SeenWindow;
}

/**
 * Who led in a window, one after the other. A member leads from when it is first seen as the leader
 * of its term until another one is, also while it is cut off and nobody knows of a next one yet. The
 * time before the first leader of the run is nobody's.
 */
export function ledStretches(recording: Recording, window: SeenWindow): Led[] {
  const all = leaderships(recording);
  const stretches: Led[] = [];
  for (const [index, { leader, firstSeenMs }] of all.entries()) {
    const untilMs = all[index + 1]?.firstSeenMs ?? Infinity;
    const startMs = Math.max(firstSeenMs, window.startMs);
    const endMs = Math.min(untilMs, window.endMs);
    if (startMs >= endMs) continue;
    const last = stretches.at(-1);
    const merged = last?.leader === leader ? last.window.startMs : startMs;
    if (last?.leader === leader) stretches.pop();
    const complete = window.complete || endMs < window.endMs;
    stretches.push({ leader, window: { name: `${window.name} while ${leader} led`, startMs: merged, endMs, complete } });
  }
  return stretches;
}
