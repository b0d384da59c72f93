const widthsMs = [100, 200, 250, 500, 1_000, 2_000, 5_000, 10_000, 15_000, 30_000, 60_000] as const;
const binsMax = 150;

/** A round width of bins so that a run of this length has at most 150 of them, whatever was recorded. */
export function binWidthMs(durationMs: number): number {
  const round = widthsMs.find((widthMs) => durationMs / widthMs <= binsMax);
  return round ?? Math.ceil(durationMs / binsMax / 60_000) * 60_000;
}
