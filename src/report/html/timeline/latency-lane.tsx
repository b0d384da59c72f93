import { area } from "d3-shape";
import { round } from "./axis.ts";
import { GappedLine, type LinePoint } from "./gapped-line.tsx";
import type { LaneBox } from "./lane.ts";
import { logScaleMs } from "./log-scale.ts";
import { EndLabels, ValueAxis, type EndLabel } from "./value-axis.tsx";

/** Percentiles of one bin in milliseconds; undefined where no operation of that bin was ok. */
export interface LatencyPoint {
  readonly atMs: number;
  readonly p50: number | undefined;
  readonly p99: number | undefined;
  readonly max: number | undefined;
}

const quantiles = ["p50", "p99", "max"] as const;

/** Latency on a logarithmic scale: p50 and p99 as lines with the room between them filled, the maximum as dots. */
export function LatencyLane({ points, box }: { points: readonly LatencyPoint[]; box: LaneBox }) {
  const { axis, top, height } = box;
  const { y, ticks } = logScaleMs(points.flatMap(({ p50, max }) => [p50, max].filter((value) => value !== undefined)), top, top + height);
  const linePoints = (quantile: (typeof quantiles)[number]): LinePoint[] =>
    points.map((point) => ({ x: axis.x(point.atMs), y: mapped(point[quantile], y) }));
  const band = area<LatencyPoint>()
    .defined(({ p50, p99 }) => p50 !== undefined && p99 !== undefined)
    .x(({ atMs }) => axis.x(atMs))
    .y0(({ p50 }) => round(y(p50 ?? 0)))
    .y1(({ p99 }) => round(y(p99 ?? 0)));
  // From the top down, so that equal values keep that order.
  const labels = [...quantiles].reverse().flatMap((name): EndLabel[] => {
    const last = linePoints(name).findLast((point) => point.y !== undefined);
    return last?.y === undefined ? [] : [{ y: last.y, text: name, name }];
  });
  return (
    <g>
      <ValueAxis ticks={ticks} />
      <path d={band(points) ?? ""} class="band" />
      <path d={dots(linePoints("max"))} class="line max" />
      <GappedLine points={linePoints("p99")} name="p99" />
      <GappedLine points={linePoints("p50")} name="p50" />
      <EndLabels labels={labels} top={top} bottom={top + height} />
    </g>
  );
}

function mapped(value: number | undefined, y: (value: number) => number): number | undefined {
  return value === undefined ? undefined : y(value);
}

/** Zero-length strokes with round caps: dots, in one path. */
function dots(points: readonly LinePoint[]): string {
  return points.map(({ x, y }) => (y === undefined ? "" : `M${round(x)} ${round(y)}h0`)).join("");
}
