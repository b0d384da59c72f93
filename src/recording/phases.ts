import type { RunEvent } from "./events.ts";
import type { PhaseWindow } from "./recording.ts";

/**
 * The phases as they ran, in order. One that has no end, as in a run that was killed, ends
 * at the last thing seen, and is named in `unended`.
 */
export function phaseWindows(
  events: readonly RunEvent[],
  lastSeenMs: number,
): { readonly phases: readonly PhaseWindow[]; readonly unended: readonly string[] } {
  const changes = events.filter((event) => event.type === "phase");
  const phases: PhaseWindow[] = [];
  const unended: string[] = [];
  for (const [index, { phase: name, state, atMs: startMs }] of changes.entries()) {
    if (state !== "started") continue;
    const end = changes.slice(index).find((change) => change.phase === name && change.state === "ended");
    if (end === undefined) unended.push(name);
    phases.push({ name, startMs, endMs: end?.atMs ?? Math.max(startMs, lastSeenMs) });
  }
  return { phases, unended };
}
