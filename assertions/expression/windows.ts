import { phaseWindow, runWindow, whyUnfinished } from "../../src/analysis/windows.ts";
import type { Recording } from "../../src/recording/recording.ts";
import type { Verdict } from "../verdict.ts";
import { findWindow, type SeenWindow, type WindowOptions } from "../window.ts";
import { formatDuration } from "../../src/units/duration.ts";
import type { Phases, Window } from "./syntax.ts";

/** How far back a value may be that is known at a moment: scrapes come every 250 ms. */
const knownForMs = 1_000;

/** The options of the other kinds that stand for a window; undefined where none do. */
export function windowOptions(window: Window): WindowOptions | undefined {
  switch (window.type) {
    case "during":
      return { during: duringOf(window.phases), after: window.afterMs, within: undefined };
    case "within":
      return { during: duringOf(window.phases), after: window.afterMs, within: window.withinMs };
    case "after":
      return { during: "run", after: window.afterMs, within: undefined };
    case "at":
      // The value of a window is the last in it.
      return window.edge === "end" ? { during: duringOf(window.phases), after: undefined, within: undefined } : undefined;
    case "before":
      return undefined;
  }
}

function duringOf(phases: Phases | undefined): WindowOptions["during"] {
  if (phases === undefined) return "run";
  const { first, last } = phases;
  return first.name === last.name ? first.name : [first.name, last.name];
}

/** The part of a recording that a window stands for, or why there is none. */
export function resolveWindow(recording: Recording, window: Window): SeenWindow | { readonly reason: string } {
  const options = windowOptions(window);
  if (options !== undefined) return findWindow(recording, options);
  if (window.type === "before") return timeBefore(recording, window.phase.name);
  const whole = findWindow(recording, { during: duringOf(window.type === "at" ? window.phases : undefined), after: undefined, within: undefined });
  if ("reason" in whole) return whole;
  return { name: `the start of ${whole.name}`, startMs: whole.startMs - knownForMs, endMs: whole.startMs, complete: true };
}

function timeBefore(recording: Recording, phaseName: string): SeenWindow | { readonly reason: string } {
  const { startMs, endMs } = runWindow(recording);
  const phase = phaseWindow(recording, phaseName);
  const name = `the time before ${phaseName}`;
  if (recording.phases.length === 0 || (phase === undefined && recording.info.status === "finished")) {
    return { reason: `${phaseName} never began: ${whyUnfinished(recording) ?? "the recording has no such phase"}` };
  }
  const window = { name, startMs, endMs: phase?.startMs ?? endMs, complete: phase !== undefined };
  return window.startMs < window.endMs ? window : { reason: `nothing comes before ${phaseName}` };
}

/** From the beginning of the first to the end of the last of several windows, at least one. */
export function hullOf(windows: readonly SeenWindow[]): SeenWindow {
  return {
    name: [...new Set(windows.map(({ name }) => name))].join(" and "),
    startMs: Math.min(...windows.map(({ startMs }) => startMs)),
    endMs: Math.max(...windows.map(({ endMs }) => endMs)),
    complete: windows.every(({ complete }) => complete),
  };
}

/** In a window that was cut short only violations stand, as `judgeWindow` has it. */
export function unlessCutShort(recording: Recording, windows: readonly SeenWindow[], verdict: Verdict): Verdict {
  const cut = windows.find(({ complete }) => !complete);
  if (cut === undefined || verdict.outcome === "fail") return verdict;
  const reason = `${cut.name} was cut short at ${formatDuration(cut.endMs)}: ${whyUnfinished(recording) ?? "it has no end"}`;
  return { ...verdict, outcome: "inconclusive", reason };
}
