import type { Evidence } from "../verdict.ts";
import type { Unit } from "./functions.ts";
import type { Interval } from "./interval.ts";

/** What a quantity came to in one part of the run. Times are in seconds. */
export interface Sized {
  readonly interval: Interval;
  /** With its unit, and its sign where it is but a bound: `at least 5`. */
  readonly text: string;
  /** Where only the recording tells what it is counted in. */
  readonly unit?: Unit;
  /** Why the true value may be another one; nothing where it is certain. */
  readonly doubt?: string | undefined;
  readonly evidence: readonly Evidence[];
}

/** Why there is nothing to be had. */
export interface Unsized {
  readonly reason: string;
}
