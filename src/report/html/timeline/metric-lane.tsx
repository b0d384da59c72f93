import { max, min } from "d3-array";
import { scaleLinear } from "d3-scale";
import { count } from "../../text.ts";
import type { MetricLane as Lane } from "../metric-series.ts";
import { drawing } from "./axis.ts";
import { GappedLine } from "./gapped-line.tsx";
import type { LaneBox } from "./lane.ts";
import { EndLabels, ValueAxis, type EndLabel } from "./value-axis.tsx";

/** What it is called, in one line above its lane. */
export function metricTitle({ metric: { name, measure } }: Lane): string {
  return measure === "rate" ? `rate(${name}), per second` : name;
}

/** Room above the lines for the title. */
const titleHeight = 16;

/** One line per member on a linear scale from zero; lines differ by dash as well as colour. */
export function MetricLane({ lane, box }: { lane: Lane; box: LaneBox }) {
  const { axis, top, height } = box;
  const bottom = top + height;
  const values = lane.series.flatMap(({ points }) => points.flatMap(({ value }) => value ?? []));
  const y = scaleLinear([Math.min(0, min(values) ?? 0), Math.max(max(values) ?? 0, 1e-9)], [bottom, top + titleHeight]).nice(2);
  const labels = lane.series.flatMap(({ member, points }, index): EndLabel[] => {
    const last = points.findLast(({ value }) => value !== undefined);
    return last?.value === undefined ? [] : [{ y: y(last.value), text: member, name: `m${index % 7}` }];
  });
  return (
    <g>
      <text x={drawing.left} y={top + 10} class="metric-name">
        {metricTitle(lane)}
        {values.length === 0 ? <tspan class="none">{"  — no scrape of the run has it"}</tspan> : null}
      </text>
      {values.length === 0 ? null : <ValueAxis ticks={y.ticks(2).map((value) => ({ y: y(value), label: figure(value) }))} />}
      {lane.series.map(({ points }, index) => (
        <GappedLine points={points.map(({ atMs, value }) => ({ x: axis.x(atMs), y: value === undefined ? undefined : y(value) }))} name={`m${index % 7}`} />
      ))}
      <EndLabels labels={labels} top={top + titleHeight} bottom={bottom} />
    </g>
  );
}

const parts = [
  [1e9, "G"],
  [1e6, "M"],
  [1e3, "k"],
] as const;

/** `0`, `0.5`, `20`, `1.5 M`: short enough for the margin. */
export function figure(value: number): string {
  const [unit, sign] = parts.find(([size]) => Math.abs(value) >= size * 10) ?? [1, ""];
  const scaled = value / unit;
  return `${Math.abs(scaled) >= 100 ? count(scaled) : Number(scaled.toPrecision(3))}${sign === "" ? "" : ` ${sign}`}`;
}
