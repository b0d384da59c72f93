import type { HeatCell } from "../../../analysis/latency-heat.ts";
import { count } from "../../text.ts";
import { round } from "./axis.ts";

/** Shades of a heatmap from few to many, each of four times as many as the one before. */
export const heatLevels = 5;

/** The level of a count, from 0, where so many is the most there is. */
export function heatLevel(many: number, most: number): number {
  const down = Math.floor(Math.log(Math.max(1, most / many)) / Math.log(4));
  return Math.max(0, heatLevels - 1 - down);
}

/** The least count of each level that occurs, for the legend: `from 1`, `from 12`. */
export function heatWords(cells: readonly HeatCell[]): { readonly level: number; readonly words: string }[] {
  const most = mostOf(cells);
  return Array.from({ length: heatLevels }, (_, level) => {
    const counts = cells.filter((cell) => heatLevel(cell.count, most) === level).map((cell) => cell.count);
    return counts.length === 0 ? [] : [{ level, words: range(counts) }];
  }).flat();
}

function range(counts: readonly number[]): string {
  const [low, high] = [counts.reduce((a, b) => Math.min(a, b)), counts.reduce((a, b) => Math.max(a, b))];
  return low === high ? count(low) : `${count(low)}–${count(high)}`;
}

export function mostOf(cells: readonly HeatCell[]): number {
  return cells.reduce((most, cell) => Math.max(most, cell.count), 1);
}

/** One path for each level, so that a file stays small. @param x where a bin begins and ends */
export function Heat({ cells, x, y }: { cells: readonly HeatCell[]; x: (bin: number) => readonly [number, number]; y: (ms: number) => number }) {
  const most = mostOf(cells);
  const paths = Array.from({ length: heatLevels }, () => "");
  for (const { bin, fromMs, toMs, count: many } of cells) {
    const [left, right] = x(bin);
    const [bottom, top] = [round(y(fromMs)), round(y(toMs))];
    const level = heatLevel(many, most);
    paths[level] += `M${left} ${bottom}V${top}H${right}V${bottom}Z`;
  }
  return (
    <g>
      {paths.map((path, level) => (path === "" ? null : <path d={path} class={`heat h${level}`} />))}
    </g>
  );
}
