import { line } from "d3-shape";
import { round } from "./axis.ts";

export interface LinePoint {
  readonly x: number;
  /** undefined: nothing was seen here, and the line must not cross it. */
  readonly y: number | undefined;
}

/** Path data that stops before every missing point and starts again after it. A lone point becomes a dot by its round cap. */
export function gappedPath(points: readonly LinePoint[]): string {
  const draw = line<LinePoint>(
    ({ x }) => round(x),
    ({ y }) => round(y ?? 0),
  ).defined(({ y }) => y !== undefined);
  return draw(points) ?? "";
}

export function GappedLine({ points, name }: { points: readonly LinePoint[]; name: string }) {
  return <path d={gappedPath(points)} class={`line ${name}`} />;
}
