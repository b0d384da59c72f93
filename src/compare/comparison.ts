import type { Outcome } from "../../assertions/verdict.ts";
import type { FigureName } from "../analysis/key-figures.ts";
import type { Interval } from "../statistics/interval.ts";

/** What can be said of the second side as against the first. */
export type ComparedAs = "better" | "worse" | "within-noise" | "too-few-data";

/** A verdict with what it rests on. */
export interface ComparedVerdict {
  readonly verdict: ComparedAs;
  /** After the correction for so many figures; undefined where nothing was tested. */
  readonly p?: number;
  /** As the end of a sentence. */
  readonly because: string;
}

/** A figure of one side. */
export interface SideFigure {
  /** The median of the runs, or the value of the one; undefined where no run has it. */
  readonly value: number | undefined;
  /** Of 95 %; undefined where a single value has none. */
  readonly interval?: Interval | undefined;
  readonly runs: number;
}

export interface FigureRow extends ComparedVerdict {
  readonly name: FigureName;
  readonly a: SideFigure;
  readonly b: SideFigure;
  /** From the first side to the second; undefined where either is not known. */
  readonly change?: FigureChange | undefined;
}

/** A `relative` change is a part of the first value, 0.1 for a tenth more; an `absolute` one is in the figure's unit. */
export interface FigureChange {
  readonly kind: "relative" | "absolute";
  readonly by: number;
  readonly interval?: Interval | undefined;
}

/** How often an outcome was, of all judged runs. */
export interface OutcomeShare {
  readonly hits: number;
  readonly all: number;
  readonly interval: Interval | undefined;
}

export interface OutcomeRow extends ComparedVerdict {
  readonly outcome: Outcome;
  readonly a: OutcomeShare;
  readonly b: OutcomeShare;
}

/** Two sets of runs side by side. */
export interface Comparison {
  readonly format: 1;
  readonly a: { readonly label: string; readonly runs: number; readonly about: string };
  readonly b: { readonly label: string; readonly runs: number; readonly about: string };
  /** What the intervals and verdicts come from: several runs, or the operations of two single ones. */
  readonly basis: "runs" | "operations";
  /** How many tests the correction is for. */
  readonly tests: number;
  readonly outcomes: readonly OutcomeRow[];
  readonly figures: readonly FigureRow[];
  /** What a reader has to know before believing it. */
  readonly warnings: readonly string[];
}
