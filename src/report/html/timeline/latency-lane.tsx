import type { HeatCell } from "../../../analysis/latency-heat.ts";
import { round } from "./axis.ts";
import { GappedLine, type LinePoint } from "./gapped-line.tsx";
import { Heat } from "./heat.tsx";
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

interface LatencyLaneProps {
  readonly points: readonly LatencyPoint[];
  readonly heat: readonly HeatCell[];
  readonly binMs: number;
  readonly box: LaneBox;
}

/** Latency on a logarithmic scale: how many operations took how long as a heatmap, p50 and p99 as lines, the maximum as dots. */
export function LatencyLane({ points, heat, binMs, box }: LatencyLaneProps) {
  const { axis, top, height } = box;
  const { y, ticks } = logScaleMs(points.flatMap(({ p50, max }) => [p50, max].filter((value) => value !== undefined)), top, top + height);
  const linePoints = (quantile: (typeof quantiles)[number]): LinePoint[] =>
    points.map((point) => ({ x: axis.x(point.atMs), y: mapped(point[quantile], y) }));
  const binAt = (bin: number) => [axis.x(axis.startMs + bin * binMs), axis.x(axis.startMs + (bin + 1) * binMs)] as const;
  // From the top down, so that equal values keep that order.
  const labels = [...quantiles].reverse().flatMap((name): EndLabel[] => {
    const last = linePoints(name).findLast((point) => point.y !== undefined);
    return last?.y === undefined ? [] : [{ y: last.y, text: name, name }];
  });
  return (
    <g>
      <Heat cells={heat} x={binAt} y={y} />
      <ValueAxis ticks={ticks} />
      <path d={dots(linePoints("max"))} class="line max" />
      <GappedLine points={linePoints("p99")} name="halo" />
      <GappedLine points={linePoints("p99")} name="p99" />
      <GappedLine points={linePoints("p50")} name="halo" />
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
