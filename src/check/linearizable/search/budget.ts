/** What a check may take. */
export interface Limits {
  /** On the clock of `nowMs`. */
  readonly untilMs: number;
  readonly bytesMax: number;
  readonly nowMs: () => number;
}

/** Why a search ended without a verdict. `beam`: it had given up configurations on purpose. */
export type Stop = "time" | "memory" | "beam";
