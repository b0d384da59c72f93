import Table from "cli-table3";
import picocolors from "picocolors";
import type { ComparedAs, Comparison } from "../../compare/comparison.ts";
import { oneLine } from "../text.ts";
import { blankFrame, wrap } from "../terminal.ts";
import { basisText, comparedRows, comparedTally, comparedWords } from "./words.ts";

const columnsMax = 150;
const textMax = 300;

/** What `compare` prints. */
export function renderComparison(comparison: Comparison, { columns, colour }: { readonly columns: number; readonly colour: boolean }): string {
  const colours = picocolors.createColors(colour);
  const paint: Readonly<Record<ComparedAs, (text: string) => string>> = { better: colours.green, worse: colours.red, "within-noise": colours.dim, "too-few-data": colours.yellow };
  const width = Math.max(60, Math.min(columns, columnsMax));
  const rows = comparedRows(comparison);
  const table = new Table({ chars: blankFrame, style: { "padding-left": 0, "padding-right": 0, head: [], border: [] } });
  table.push(["Verdict", "Figure", "A", "B", "Change"].map((head) => colours.dim(head)));
  for (const { title, a, b, change, verdict } of rows) table.push([paint[verdict](`${comparedWords[verdict].glyph} ${comparedWords[verdict].word}`), title, a, b, change]);
  return [
    ...(["a", "b"] as const).map((side) => `${colours.bold(side.toUpperCase())}  ${oneLine(comparison[side].label, textMax)}  ${colours.dim(`${comparison[side].runs} ${comparison[side].runs === 1 ? "run" : "runs"}: ${oneLine(comparison[side].about, textMax)}`)}`),
    ...comparison.warnings.flatMap((warning) => wrap(`! ${oneLine(warning, 2 * textMax)}`, width).map((line) => colours.yellow(line))),
    "",
    ...table.toString().split("\n").map((line) => line.trimEnd()),
    "",
    `B against A: ${comparedTally(rows)}`,
    ...wrap(basisText(comparison), width).map((line) => colours.dim(line)),
    "",
  ].join("\n");
}
