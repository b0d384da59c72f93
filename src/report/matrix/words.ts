import { rowsOf, versionOf, type Matrix, type MatrixCell, type MatrixColumn, type Reading } from "../../nightly/matrix.ts";
import { standingOf } from "../../nightly/standing.ts";
import type { Outcome } from "../../../assertions/verdict.ts";
import { formatDuration } from "../../units/duration.ts";
import { standingTally, standingWords } from "../nightly/words.ts";
import { counted } from "../text.ts";

/** How a cell is shown, in the way of a standing. */
export const readingWords: Readonly<Record<Reading, { readonly glyph: string; readonly word: string; readonly sign: string; readonly tone: Outcome | undefined }>> = {
  ...standingWords,
  found: { ...standingWords.pass, word: "Found, as expected" },
  missed: { ...standingWords.fail, word: "Not found, against expectation" },
  unexpected: { ...standingWords.fail, word: "Found, against expectation" },
};

/** `etcd 3.5`, and below it the exact version. */
export function headOf(column: MatrixColumn, { turns }: Pick<Matrix, "turns">): { readonly asked: string; readonly version: string } {
  return { asked: `etcd ${column.asked}`, version: versionOf(column, turns) ?? "not known before it runs" };
}

/** How many of the runs passed; nothing where none was played. */
export function cellCount({ turns, passed }: MatrixCell): string {
  return turns.some(({ end }) => end.kind === "played") ? `${passed} of ${turns.length}` : "";
}

/** Why turns of a cell were not played, each reason once; nothing where all were. */
export function whyUnplayed({ turns }: MatrixCell): string {
  return [...new Set(turns.flatMap(({ end }) => (end.kind === "played" ? [] : [end.because])))].join("; ");
}

/** What it was and what it came to, in one sentence. */
export function matrixSentence(matrix: Matrix): string {
  const { turns, columns, tookMs, runtime } = matrix;
  return `${standingTally(turns.map(({ end }) => standingOf(end)))}: ${counted(rowsOf(matrix).length, "scenario")} on ${counted(columns.length, "version")} of etcd in the ${runtime} runtime, in ${formatDuration(Math.round(tookMs / 1_000) * 1_000)}`;
}

/** The rules by which it is to be read. */
export const matrixRules = [
  "A column has one etcd for all scenarios, and a scenario the same seeds in all columns.",
  "A scenario of a known bug passes where the bug is found on a version that has it, and where nothing is violated on one that has it not.",
] as const;
