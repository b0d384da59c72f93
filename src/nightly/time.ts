/** What a run takes beside its timeline (starting, last operations, removal, judging) until runs have shown it. */
const usualBesideMs = 15_000;

/** How long a run is to be expected to take, by its timeline and by what runs took beside theirs so far. */
export function expectedMs(timelineMs: number, besideMs: readonly number[]): number {
  return timelineMs + (besideMs.length === 0 ? usualBesideMs : Math.max(...besideMs));
}

/** Whether a run still fits in; everything does without a limit. */
export function fits(neededMs: number, spentMs: number, limitMs: number | undefined): boolean {
  return limitMs === undefined || spentMs + neededMs <= limitMs;
}
