import type { PhaseWindow, Recording } from "../recording/recording.ts";

/** A stretch of the run's clock that has a name. It holds its start, not its end. */
export interface TimeWindow {
  readonly name: string;
  readonly startMs: number;
  readonly endMs: number;
}

/** A phase as it ran; undefined when it never began. */
export function phaseWindow({ phases }: Recording, name: string): TimeWindow | undefined {
  return phases.find((phase) => phase.name === name);
}

/** From the first phase's start to the last one's end; empty in a run that never came to its first phase. */
export function runWindow({ phases, part = "run" }: Pick<Recording, "phases" | "part">): TimeWindow {
  const [first] = phases;
  const endMs = phases.reduce((latest, phase) => Math.max(latest, phase.endMs), first?.endMs ?? 0);
  return { name: part, startMs: first?.startMs ?? 0, endMs };
}

/** Whether a moment lies in a window. */
export function contains({ startMs, endMs }: Pick<TimeWindow, "startMs" | "endMs">, atMs: number): boolean {
  return atMs >= startMs && atMs < endMs;
}

/** Whether a phase may have had less than its time: the last one of a run that did not finish. */
export function isCutShort({ info, phases }: Recording, phase: Pick<PhaseWindow, "name">): boolean {
  return info.status !== "finished" && phases.at(-1)?.name === phase.name;
}

/** Why a run has no more than it has, as the end of a sentence; undefined for one that finished. */
export function whyUnfinished({ info }: Recording): string | undefined {
  switch (info.status) {
    case "finished":
      return undefined;
    case "interrupted":
      return `the run was interrupted by ${info.signal ?? "a signal"}`;
    case "crashed":
      // Why is told once, as an assumption, and not by every assertion again.
      return "the harness stopped the run";
    case "running":
      return "the harness was killed while the run went on";
  }
}
