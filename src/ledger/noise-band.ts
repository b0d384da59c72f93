import { median, medianAbsoluteDeviation } from "simple-statistics";
import type { FigureName } from "../analysis/key-figures.ts";
import type { Entry } from "./entry.ts";
import { machineKind } from "./series.ts";

/** Where a figure usually lies. */
export interface NoiseBand {
  readonly low: number;
  readonly high: number;
  readonly middle: number;
  /** How many runs say so. */
  readonly runs: number;
}

const runsMax = 20;
const runsMin = 5;
/** Makes the median of absolute deviations an estimate of the standard deviation, where noise is normal. */
export const madToDeviation = 1.4826;
const deviations = 3;

/** How a band is found, for those who read it. */
export const noiseBandWords = `median ± ${deviations} × ${madToDeviation} × the median absolute deviation of the last ${runsMax} passed runs of the same scenario text, etcd version, runtime and kind of machine, ${runsMin} at least`;

/**
 * Where a figure of a run is to be expected by the passed runs before it. Robust, so that a few outliers among them do not
 * widen it. Undefined where they are too few.
 * @param before runs of the same series that are older, oldest first
 */
export function noiseBand(entry: Entry, before: readonly Entry[], name: FigureName): NoiseBand | undefined {
  const alike = before.filter((each) => each.outcome === "pass" && each.scenarioHash === entry.scenarioHash && each.etcd.version === entry.etcd.version && machineKind(each) === machineKind(entry));
  const values = alike.flatMap(({ figures }) => figures?.[name] ?? []).slice(-runsMax);
  if (values.length < runsMin) return undefined;
  const middle = median(values);
  const half = deviations * madToDeviation * medianAbsoluteDeviation(values);
  return { low: Math.max(0, middle - half), high: middle + half, middle, runs: values.length };
}
