import { formatDuration } from "../units/duration.ts";
import type { Plan, PlannedFault } from "./plan.ts";

const columns = 60;

interface Stretch {
  readonly startMs: number;
  readonly endMs: number;
}

/** The timetable as a picture for the terminal: a bar for each phase, and below it one for each fault, with all its turns. */
export function drawPlan({ phases, faults, durationMs }: Plan): string[] {
  const rows = phases.flatMap(({ name, startMs, endMs }) => [
    { label: name, bar: bar([{ startMs, endMs }], durationMs, "─") },
    ...turnsOf(faults.filter(({ phase }) => phase === name)).map(({ title, turns }) => ({ label: `  ${title}`, bar: bar(turns, durationMs, "█") })),
  ]);
  const width = Math.max(...rows.map(({ label }) => label.length));
  const end = formatDuration(durationMs);
  const scale = `${" ".repeat(width)}  0${end.padStart(columns - 1)}`;
  return [...rows.map(({ label, bar: drawn }) => `${label.padEnd(width)}  ${drawn}`.trimEnd()), scale];
}

/** Faults that come again share a row; what is drawn anew each time is told apart by its title. */
function turnsOf(faults: readonly PlannedFault[]): { readonly title: string; readonly turns: readonly Stretch[] }[] {
  const rows = new Map<string, { readonly title: string; readonly turns: Stretch[] }>();
  for (const { id, title, injectAtMs: startMs, healAtMs: endMs } of faults) {
    const key = `${id.replace(/(\.\d+)?-[^/]*$/, "")} ${title}`;
    const row = rows.get(key) ?? { title, turns: [] };
    rows.set(key, row);
    row.turns.push({ startMs, endMs });
  }
  return [...rows.values()];
}

/** At least one column for what lasts at all. */
function bar(stretches: readonly Stretch[], durationMs: number, mark: string): string {
  const cells = Array.from({ length: columns }, () => " ");
  for (const { startMs, endMs } of stretches) {
    const first = Math.min(columns - 1, Math.floor((startMs / durationMs) * columns));
    const last = Math.max(first + 1, Math.round((endMs / durationMs) * columns));
    cells.fill(mark, first, last);
  }
  return cells.join("").trimEnd();
}
