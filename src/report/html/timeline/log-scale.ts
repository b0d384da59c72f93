import { extent } from "d3-array";
import { scaleLog } from "d3-scale";
import { formatDuration } from "../../../units/duration.ts";
import type { ValueTick } from "./value-axis.tsx";

/** A logarithmic scale of milliseconds over whole decades, with a tick for each; a single decade at least. */
export function logScaleMs(valuesMs: Iterable<number>, top: number, bottom: number) {
  const [low, high] = extent([...valuesMs].filter((value) => value > 0));
  const from = Math.floor(Math.log10(Math.max(low ?? 1, 0.01)));
  const to = Math.max(from + 1, Math.ceil(Math.log10(high ?? 10)));
  const scale = scaleLog([10 ** from, 10 ** to], [bottom, top]).clamp(true);
  const ticks: ValueTick[] = [];
  for (let power = from; power <= to; power += 1) ticks.push({ y: scale(10 ** power), label: formatDuration(10 ** power) });
  return { y: (ms: number) => scale(Math.max(ms, 10 ** from)), ticks };
}
