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

/** It was made smaller, and a run shows that it still fails. */
export interface Shrunken {
  readonly kind: "shrunk";
  readonly sketch: Sketch;
  readonly seed: number;
  readonly rate: HitRate;
  /** Nothing is left that could be left out; otherwise time was up. */
  readonly complete: boolean;
  /** How many smaller ones were tried. */
  readonly tried: number;
  readonly played: Played;
}

/** What became of making it smaller. */
export type Reduced =
  | Shrunken
  /** It did not fail often enough to tell a smaller one that fails from one that does not. */
  | { readonly kind: "rare"; readonly rate: HitRate }
  /** What another finding was shrunk to shows it too. */
  | { readonly kind: "along"; readonly with: number }
  | { readonly kind: "no-time" };

/** A finding that has yet to be made smaller. */
export type Found = Omit<Finding, "reduced">;
