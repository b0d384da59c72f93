import type { Feature } from "./feature.ts";
import type { Sketch } from "./sketch.ts";
import type { Violation } from "./violation.ts";

/** What became of a run. */
export interface Played {
  /** `broken`: it has no verdict at all. */
  readonly outcome: "pass" | "fail" | "inconclusive" | "broken";
  readonly violations: readonly Violation[];
  readonly covered: readonly Feature[];
  /** The run's folder; undefined where there is none. */
  readonly folder: string | undefined;
  /** Why there is no verdict. */
  readonly trouble?: string;
}

/** Who plays sketches on real clusters. */
export interface Player {
  play(sketch: Sketch, seed: number): Promise<Played>;
  /** Its recording is not wanted any more. */
  forget(played: Played): Promise<void>;
}
