import { max, quantile } from "d3-array";
import { scaleLinear } from "d3-scale";
import type { ThroughputBin } from "../../../analysis/throughput.ts";
import { count } from "../../text.ts";
import { round } from "./axis.ts";
import type { LaneBox } from "./lane.ts";
import { ValueAxis } from "./value-axis.tsx";

const parts = ["ok", "info", "fail"] as const;

/** Finished operations a second, stacked: ok below, then unknown, then failed. */
export function ThroughputLane({ bins, binMs, box }: { bins: readonly ThroughputBin[]; binMs: number; box: LaneBox }) {
  const perSecond = (operations: number) => operations / (binMs / 1_000);
  const rates = bins.map((bin) => perSecond(bin.ok + bin.info + bin.fail));
  const y = scaleLinear([0, ceiling(rates)], [box.top + box.height, box.top]).nice(2).clamp(true);
  const [, top = 0] = y.domain();
  const paths = stackedPaths(bins, binMs, box, (operations) => y(perSecond(operations)));
  return (
    <g>
      <ValueAxis ticks={y.ticks(2).map((value) => ({ y: y(value), label: count(value) }))} />
      {parts.map((part) => (
        <g>
          <path d={paths[part]} class={`ops ${part}`} />
          {part === "ok" ? null : <path d={paths[part]} fill={`url(#ops-${part})`} />}
        </g>
      ))}
      {peaks(rates, top).map((index) => (
        <text x={box.axis.x((bins[index]?.startMs ?? 0) + binMs) + 3} y={box.top + 8} class="tick peak">
          {`↑ ${count(rates[index] ?? 0)}`}
        </text>
      ))}
    </g>
  );
}

/**
 * The top of the scale. Operations that waited for a fault to pass end all at once; where such
 * a burst is far above the usual, it is cut off and labelled, so that the usual can be seen.
 */
function ceiling(rates: readonly number[]): number {
  const highest = max(rates) ?? 0;
  const usual = quantile(rates, 0.95) ?? 0;
  return Math.max(1, usual > 0 && highest > usual * 2 ? usual * 1.3 : highest);
}

const peaksMax = 12;

/** The highest bin of each burst that is cut off. */
export function peaks(rates: readonly number[], top: number): number[] {
  const highest: number[] = [];
  rates.forEach((rate, index) => {
    if (rate <= top) return;
    const before = highest.at(-1);
    const sameBurst = before !== undefined && rates.slice(before, index).every((each) => each > top);
    if (!sameBurst) highest.push(index);
    else if (rate > (rates[before] ?? 0)) highest.splice(-1, 1, index);
  });
  return highest.slice(0, peaksMax);
}

/** One path per outcome: a rectangle for each bin that has any, so a file stays small and a gap stays a gap. */
function stackedPaths(bins: readonly ThroughputBin[], binMs: number, { axis }: LaneBox, y: (operations: number) => number) {
  const paths = { ok: "", info: "", fail: "" };
  for (const bin of bins) {
    const [left, right] = [axis.x(bin.startMs), axis.x(bin.startMs + binMs)];
    let below = 0;
    for (const part of parts) {
      if (bin[part] === 0) continue;
      const [bottom, top] = [round(y(below)), round(y(below + bin[part]))];
      paths[part] += `M${left} ${bottom}V${top}H${right}V${bottom}Z`;
      below += bin[part];
    }
  }
  return paths;
}
