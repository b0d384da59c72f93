/** Within which sketches are drawn. */
export interface Limits {
  /** Cluster sizes to draw from. */
  readonly members: readonly (1 | 3 | 5)[];
  /** At most so many faults in a run. */
  readonly faultsMax: number;
  /** How long the part with faults lasts, from and to. */
  readonly stormMs: readonly [least: number, most: number];
  readonly quietMs: { readonly before: number; readonly after: number };
  /** Whether more members than a minority may be lost at a time. */
  readonly beyondMinority: boolean;
  /** Kinds of faults that cannot be had here, or are not wanted. */
  readonly without: ReadonlySet<string>;
}

export const usualLimits: Limits = {
  members: [1, 3, 3, 3, 5],
  faultsMax: 5,
  stormMs: [4_000, 8_000],
  quietMs: { before: 1_000, after: 1_500 },
  beyondMinority: false,
  without: new Set(),
};
