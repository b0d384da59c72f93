import { GappedLine } from "./gapped-line.tsx";
import type { LaneBox } from "./lane.ts";
import { logScaleMs } from "./log-scale.ts";
import { EndLabels, ValueAxis, type EndLabel } from "./value-axis.tsx";

/** WAL fsync p99 of one member, by time; undefined where no scrape tells or nothing was synced. */
export interface FsyncSeries {
  readonly member: string;
  readonly points: readonly { readonly atMs: number; readonly p99Ms: number | undefined }[];
}

/** One line per member on a logarithmic scale; lines differ by dash as well as colour. */
export function FsyncLane({ series, box }: { series: readonly FsyncSeries[]; box: LaneBox }) {
  const { axis, top, height } = box;
  const values = series.flatMap(({ points }) => points.map(({ p99Ms }) => p99Ms).filter((value) => value !== undefined));
  const { y, ticks } = logScaleMs(values, top, top + height);
  const labels = series.flatMap(({ member, points }, index): EndLabel[] => {
    const last = points.findLast(({ p99Ms }) => p99Ms !== undefined);
    return last?.p99Ms === undefined ? [] : [{ y: y(last.p99Ms), text: member, name: `m${index % 7}` }];
  });
  return (
    <g>
      <ValueAxis ticks={ticks} />
      {series.map(({ points }, index) => (
        <GappedLine
          points={points.map(({ atMs, p99Ms }) => ({ x: axis.x(atMs), y: p99Ms === undefined ? undefined : y(p99Ms) }))}
          name={`m${index % 7}`}
        />
      ))}
      <EndLabels labels={labels} top={top} bottom={top + height} />
    </g>
  );
}
