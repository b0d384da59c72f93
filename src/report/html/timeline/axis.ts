import { ticks } from "d3-array";
import { scaleLinear } from "d3-scale";

/** Size of the drawing in its own units: one is one CSS pixel on a wide screen. */
export const drawing = { width: 1160, left: 124, right: 1096 } as const;

export interface TimeAxis {
  readonly startMs: number;
  readonly endMs: number;
  /** Horizontal place of a time, kept inside the drawing, to a tenth of a unit. */
  x(atMs: number): number;
  readonly ticks: readonly { readonly x: number; readonly label: string }[];
}

/** The one time axis that every lane shares, in seconds since the start. */
export function timeAxis(startMs: number, endMs: number): TimeAxis {
  const end = Math.max(endMs, startMs + 1);
  const scale = scaleLinear([startMs, end], [drawing.left, drawing.right]).clamp(true);
  const x = (atMs: number) => round(scale(atMs));
  const marks = ticks(startMs / 1_000, end / 1_000, 12);
  return { startMs, endMs: end, x, ticks: marks.map((second) => ({ x: x(second * 1_000), label: `${Number(second.toFixed(3))}` })) };
}

/** A tenth of a unit is finer than a screen; more digits only make the file larger. */
export function round(value: number): number {
  return Math.round(value * 10) / 10;
}

/** Whether a text of the drawing's small type fits into so much room; the widths are those of common system fonts. */
export function fits(text: string, room: number, weight: "usual" | "bold" = "usual"): boolean {
  return text.length * (weight === "bold" ? 7.2 : 6.1) + 8 <= room;
}
