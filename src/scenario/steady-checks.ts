import { formatDuration } from "../units/duration.ts";
import type { Outline, OutlineFault, OutlinePhase } from "./outline.ts";
import type { Trouble } from "./window-checks.ts";

/** What is wrong with a steady state: assertions that are not about a part of the run, or have one of their own, and timelines that leave no time for it. */
export function steadyProblems({ steadyState, phases, texts }: Outline): Trouble[] {
  if (steadyState === undefined) return [];
  const { place, assertions, settleMs = 0 } = steadyState;
  const own = assertions.flatMap(({ thing, place: at }): Trouble[] => {
    const read = texts.get(at);
    const windows = ["during", "after", "within"].flatMap((key) => at.children.get(key) ?? []);
    const named = read !== undefined && "mentions" in read ? read.mentions.stretches.some(({ forMs }) => forMs === undefined) : false;
    const hint = "It is judged before the first fault and after the last; what is about another part of the run belongs under assertions.";
    if (!thing.isWindowed) return [{ place: at, message: `${thing.kind} judges all that was recorded, and no part of the run`, hint: "Write it under assertions." }];
    if (named) return [{ place: at, message: "an assertion of the steady state has no part of the run of its own", hint }];
    return windows.map((window) => ({ place: window, message: "an assertion of the steady state has no part of the run of its own", hint }));
  });
  return [...own, ...timeTroubles(phases, settleMs).map((message) => ({ place, message }))];
}

/** Faults whose times are not all known are told of elsewhere. */
function timeTroubles(phases: readonly OutlinePhase[], settleMs: number): string[] {
  const starts = phases.map((_, index) => phases.slice(0, index).reduce((sum, { durationMs = NaN }) => sum + durationMs, 0));
  const lengthMs = phases.reduce((sum, { durationMs = NaN }) => sum + durationMs, 0);
  const faults = phases.flatMap((phase, index) => phase.faults.map((fault) => ({ beginsMs: (starts[index] ?? 0) + (fault.atMs ?? 0), endsMs: endOf(fault, phase, starts[index] ?? 0, starts, phases) })));
  if (faults.length === 0) return [];
  const before = faults.some(({ beginsMs }) => beginsMs === 0) ? ["no time is left before the first fault, in which the steady state could be seen"] : [];
  const lastMs = Math.max(...faults.map(({ endsMs }) => endsMs));
  const leftMs = lengthMs - lastMs - settleMs;
  const settling = settleMs === 0 ? "" : ` and the ${formatDuration(settleMs)} to settle`;
  return [...before, ...(leftMs <= 0 ? [`no time is left after the last fault${settling}, in which the steady state could be seen again`] : [])];
}

function endOf({ atMs = 0, forMs, until, everyMs }: OutlineFault, { durationMs = NaN }: OutlinePhase, startMs: number, starts: readonly number[], phases: readonly OutlinePhase[]): number {
  const untilIndex = until === undefined ? -1 : phases.findIndex(({ name }) => name === until);
  const limitMs = untilIndex < 0 ? startMs + durationMs : (starts[untilIndex] ?? NaN);
  return forMs === undefined || everyMs !== undefined ? limitMs : Math.min(limitMs, startMs + atMs + forMs);
}
