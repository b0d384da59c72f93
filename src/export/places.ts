import { contains } from "../analysis/windows.ts";
import { endOf, rootSpan, type ExportedRun } from "./exported-run.ts";

/** A stretch of the run that is a span of its own: setting up, a phase, cleaning up. */
export interface Place {
  /** Names the span. */
  readonly path: string;
  readonly name: string;
  readonly startMs: number;
  readonly endMs: number;
}

/** All stretches, one after the other; a run that never came to its first phase is all set-up. */
export function placesOf(run: ExportedRun): Place[] {
  const { phases } = run.recording;
  const endMs = endOf(run);
  const [first, last] = [phases[0], phases.at(-1)];
  const setUp: Place = { path: "set-up", name: "set-up", startMs: 0, endMs: first?.startMs ?? endMs };
  const cleanUp: Place[] = last === undefined ? [] : [{ path: "clean-up", name: "clean-up", startMs: last.endMs, endMs: Math.max(endMs, last.endMs) }];
  return [setUp, ...phases.map((phase) => ({ ...phase, path: phasePath(phase.name), name: `phase ${phase.name}` })), ...cleanUp];
}

/** Names the span of a phase. */
export function phasePath(phase: string): string {
  return `phase/${phase}`;
}

/** The span to which a moment belongs. */
export function placeAt(places: readonly Place[], atMs: number): string {
  return places.find((place) => contains(place, atMs))?.path ?? rootSpan;
}
