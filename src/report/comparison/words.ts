import { keyFigures, type FigureName } from "../../analysis/key-figures.ts";
import type { ComparedAs, Comparison, FigureRow, OutcomeRow, OutcomeShare, SideFigure } from "../../compare/comparison.ts";
import { figureText } from "../figure-text.ts";
import { outcomeWords } from "../outcome-words.ts";

/** How a verdict on a difference is shown: always glyph and word, so that colour is never alone. */
export const comparedWords = {
  better: { glyph: "▲", word: "better" },
  worse: { glyph: "▼", word: "worse" },
  "within-noise": { glyph: "=", word: "within noise" },
  "too-few-data": { glyph: "?", word: "too few data" },
} as const satisfies Record<ComparedAs, { glyph: string; word: string }>;

/** A line of the comparison as texts, for every way of showing it. */
export interface ComparedRow {
  readonly title: string;
  readonly a: string;
  readonly b: string;
  readonly change: string;
  readonly verdict: ComparedAs;
  /** What the verdict rests on. */
  readonly because: string;
}

/** Outcomes first, then figures. */
export function comparedRows({ outcomes, figures }: Pick<Comparison, "outcomes" | "figures">): ComparedRow[] {
  return [...outcomes.map(outcomeRow), ...figures.map(figureRow)];
}

function outcomeRow({ outcome, a, b, verdict, because, p }: OutcomeRow): ComparedRow {
  const change = Math.round((b.hits / b.all - a.hits / a.all) * 100);
  return { title: `runs: ${outcomeWords[outcome].word.toLowerCase()}`, a: shareText(a), b: shareText(b), change: change === 0 ? "0" : `${signed(change)} points`, verdict, because: basis(because, p) };
}

function shareText({ hits, all, interval }: OutcomeShare): string {
  const per = (share: number): string => String(Math.round(share * 100));
  return `${hits} of ${all}${interval === undefined ? "" : ` (${per(interval.low)}–${per(interval.high)} %)`}`;
}

function figureRow({ name, a, b, change, verdict, because, p }: FigureRow): ComparedRow {
  return { title: keyFigures[name].title, a: sideText(name, a), b: sideText(name, b), change: changeText(name, change), verdict, because: basis(because, p) };
}

function sideText(name: FigureName, { value, interval }: SideFigure): string {
  const within = interval === undefined ? "" : ` (${figureText(name, interval.low)} to ${figureText(name, interval.high)})`;
  return `${figureText(name, value)}${value === undefined ? "" : within}`;
}

/** In per cent of the first side, in points, or as it is. */
function changeText(name: FigureName, change: FigureRow["change"]): string {
  if (change === undefined) return "—";
  const { kind, by, interval } = change;
  const text = (value: number): string => (kind === "relative" ? `${signed(rounded(value * 100))} %` : absoluteText(name, value));
  return interval === undefined ? text(by) : `${text(by)} (${text(interval.low)} to ${text(interval.high)})`;
}

function absoluteText(name: FigureName, value: number): string {
  if (keyFigures[name].unit === "share") return `${signed(rounded(value * 100))} points`;
  return value === 0 ? "0" : `${value > 0 ? "+" : "−"}${figureText(name, Math.abs(value))}`;
}

/** Small ones with a digit behind the point. */
function rounded(value: number): number {
  return Number(value.toFixed(Math.abs(value) < 10 ? 1 : 0));
}

function signed(value: number): string {
  return value === 0 ? "0" : `${value > 0 ? "+" : "−"}${Math.abs(value)}`;
}

function basis(because: string, p: number | undefined): string {
  return p === undefined ? because : `${because}, p ${p < 0.001 ? "< 0.001" : `= ${p.toFixed(3)}`}`;
}

/** `2 worse, 1 better, 9 within noise, 3 too few data`. */
export function comparedTally(rows: readonly Pick<ComparedRow, "verdict">[]): string {
  const order = ["worse", "better", "within-noise", "too-few-data"] as const;
  return order
    .map((verdict) => [rows.filter((row) => row.verdict === verdict).length, comparedWords[verdict].word] as const)
    .filter(([many]) => many > 0)
    .map(([many, word]) => `${many} ${word}`)
    .join(", ");
}

/** Where the intervals and the verdicts come from. */
export function basisText({ basis, tests }: Pick<Comparison, "basis" | "tests">): string {
  const how = basis === "runs" ? "Medians of the runs, with intervals of 95 % by drawing runs anew" : "Values of two single runs, with intervals of 95 % by drawing seconds of their operations anew, held against how much other runs like these differ";
  return `${how}; outcomes with Wilson's intervals. Verdicts are corrected for ${tests} ${tests === 1 ? "test" : "tests"} (Holm): at most one comparison in twenty of equals calls anything better or worse.`;
}
