import Table from "cli-table3";
import picocolors from "picocolors";
import { rowsOf, type Matrix } from "../../nightly/matrix.ts";
import { standingOf } from "../../nightly/standing.ts";
import { nightlyOutcome } from "../nightly/words.ts";
import { paints, toldLines, type ManyRunsTerminalOptions } from "../nightly/terminal.ts";
import { blankFrame } from "../terminal.ts";
import { printable } from "../text.ts";
import { cellCount, headOf, matrixSentence, readingWords } from "./words.ts";

/** What a matrix prints when it is over: the table, what did not pass with how to run it again, and the verdict. */
export function renderMatrixTerminal(matrix: Matrix, { reportPath, columns, colour }: ManyRunsTerminalOptions): string {
  const colours = picocolors.createColors(colour);
  const painted = paints(colour);
  const table = new Table({ chars: blankFrame, style: { "padding-left": 0, "padding-right": 0, head: [], border: [] } });
  const heads = matrix.columns.map((column) => headOf(column, matrix));
  table.push(["", ...heads.map(({ asked }) => colours.bold(printable(asked)))]);
  table.push(["", ...heads.map(({ version }) => colours.dim(printable(version)))]);
  for (const { scenario, cells } of rowsOf(matrix)) {
    table.push([printable(scenario), ...cells.map((cell) => {
      const { glyph, word, tone } = readingWords[cell.reading];
      return `${painted(tone, `${glyph} ${word}`)} ${cellCount(cell)}`;
    })]);
  }
  const told = toldLines(matrix.turns.filter(({ end }) => standingOf(end) !== "pass"), { columns, colour });
  return [
    table.toString().split("\n").map((line) => line.trimEnd()).join("\n"),
    "",
    ...told,
    ...(told.length === 0 ? [] : [""]),
    colours.bold(painted(nightlyOutcome(matrix), matrixSentence(matrix))),
    `${colours.dim("report")}  ${printable(reportPath)}`,
    "",
  ].join("\n");
}
