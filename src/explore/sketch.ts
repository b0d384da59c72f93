/**
 * A scenario as data: small enough to be drawn by chance, varied, printed, and made smaller until nothing can be left out.
 * Times are milliseconds.
 */
export interface Sketch {
  readonly members: 1 | 3 | 5;
  readonly flags: Readonly<Record<string, string | number>>;
  /** At least one; each kind at most once. */
  readonly loads: readonly Load[];
  /** Options of the watchers; absent where nobody watches. */
  readonly watch?: Options;
  /** Before the first fault and after the last one has healed. */
  readonly quietMs: { readonly before: number; readonly after: number };
  readonly stormMs: number;
  readonly faults: readonly SketchedFault[];
}

/** Options as a scenario file has them. */
export type Options = Readonly<Record<string, OptionValue>>;
export type OptionValue = string | number | boolean | readonly string[] | { readonly [name: string]: OptionValue };

export interface Load {
  readonly kind: string;
  readonly options: Options;
}

export interface SketchedFault {
  readonly kind: string;
  readonly options: Options;
  /** From the start of the storm. */
  readonly atMs: number;
  readonly forMs: number;
}

/** How much there is of a scenario's timeline: phases and faults. */
export function timelineEntries({ quietMs, faults }: Sketch): number {
  return 1 + (quietMs.before > 0 ? 1 : 0) + (quietMs.after > 0 ? 1 : 0) + faults.length;
}

/** How long its timeline takes. */
export function durationMs({ quietMs, stormMs }: Sketch): number {
  return quietMs.before + stormMs + quietMs.after;
}
