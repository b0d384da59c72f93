import type { HitRate } from "./confirm.ts";
import type { Played } from "./played.ts";
import type { Sketch } from "./sketch.ts";
import type { Violation } from "./violation.ts";

/** A promise that was seen broken, for the first time in this way. */
export interface Finding {
  readonly number: number;
  readonly group: string;
  readonly guarantee: string;
  readonly violation: Violation;
  /** The run that showed it first. */
  readonly run: number;
  readonly sketch: Sketch;
  readonly seed: number;
  readonly played: Played;
  readonly afterMs: number;
  /** In how many other runs of the search it was seen. */
  again: number;
  readonly reduced: Reduced;
}

/** What became of making it smaller. */
export type Reduced =
  | { readonly kind: "shrunk"; readonly sketch: Sketch; readonly seed: number; readonly rate: HitRate; readonly complete: boolean; readonly tried: number; readonly played: Played }
  /** It did not fail often enough to tell a smaller one that fails from one that does not. */
  | { readonly kind: "rare"; readonly rate: HitRate }
  /** What another finding was shrunk to shows it too. */
  | { readonly kind: "along"; readonly with: number }
  | { readonly kind: "no-time" };
