import { latencyMs, type Operation } from "../recording/operation.ts";
import { binCount, binIndex, type Bins } from "./latency.ts";

/** How many ok operations of a bin of time took so long. */
export interface HeatCell {
  /** Number of the bin. */
  readonly bin: number;
  readonly fromMs: number;
  readonly toMs: number;
  readonly count: number;
}

const bandsPerDecade = 6;
/** A hundredth of a millisecond to a thousand seconds: what is beyond is counted in the outermost band. */
const [lowest, highest] = [-2, 6] as const;
const bands = (highest - lowest) * bandsPerDecade;

/** Ok operations by when they were meant to start and how long they took from then, in bands that grow by a sixth of a decade. Cells without any are left out. */
export function latencyHeat(operations: readonly Operation[], bins: Bins): HeatCell[] {
  const counts = new Uint32Array(binCount(bins) * bands);
  for (const operation of operations) {
    if (operation.outcome !== "ok") continue;
    const bin = binIndex(bins, operation.intendedNs / 1e6);
    if (bin < 0) continue;
    const place = bin * bands + bandOf(latencyMs(operation));
    counts[place] = (counts[place] ?? 0) + 1;
  }
  const cells: HeatCell[] = [];
  for (const [place, count] of counts.entries()) {
    if (count === 0) continue;
    const band = place % bands;
    cells.push({ bin: (place - band) / bands, fromMs: edge(band), toMs: edge(band + 1), count });
  }
  return cells;
}

function bandOf(ms: number): number {
  const band = Math.floor((Math.log10(Math.max(ms, 1e-9)) - lowest) * bandsPerDecade);
  return Math.min(Math.max(band, 0), bands - 1);
}

function edge(band: number): number {
  return 10 ** (lowest + band / bandsPerDecade);
}
