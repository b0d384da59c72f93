import { rowsOf, type Matrix, type MatrixCell } from "../../nightly/matrix.ts";
import { attemptsOf, standingOf } from "../../nightly/standing.ts";
import { shortened } from "../../recording/operation-brief.ts";
import { markdown } from "../markdown.ts";
import { reportOf } from "../nightly/signs.tsx";
import { withDetails } from "../nightly/summary.ts";
import { nightlyOutcome, nightlyRules } from "../nightly/words.ts";
import { counted } from "../text.ts";
import { cellCount, headOf, matrixRules, matrixSentence, readingWords, whyUnplayed } from "./words.ts";

const rowsMax = 200;
/** Of a table's cell. */
const whyMax = 160;
const linkMax = 300;

/** `matrix.md`: the same table for a CI job's step summary. */
export function renderMatrixSummary(matrix: Matrix): string {
  const { columns, turns } = matrix;
  const rows = rowsOf(matrix);
  const told = turns.filter(({ end }) => end.kind === "played" && standingOf(end) !== "pass");
  const sign = { pass: "✅", fail: "❌", inconclusive: "❔" }[nightlyOutcome(matrix)];
  const heads = columns.map((column) => headOf(column, matrix));
  const head = [
    `## ${sign} Matrix: ${markdown(matrixSentence(matrix))}`,
    ``,
    `| Scenario | ${heads.map(({ asked, version }) => `${markdown(asked)}<br>${markdown(version)}`).join(" | ")} |`,
    `|:--|${columns.map(() => ":--|").join("")}`,
    ...rows.slice(0, rowsMax).map(({ scenario, cells }) => `| ${markdown(shortened(scenario, whyMax))} | ${cells.map(cellText).join(" | ")} |`),
    ``,
    ...(rows.length > rowsMax ? [`${counted(rows.length - rowsMax, "more scenario")} in matrix.html.`, ``] : []),
  ].join("\n");
  return withDetails(head, told, "matrix.html", [...matrixRules, ...nightlyRules].map((rule) => `- ${rule}`));
}

function cellText(cell: MatrixCell): string {
  const { sign, word } = readingWords[cell.reading];
  const [folder] = cell.turns.filter(({ end }) => standingOf(end) === cell.standing).flatMap(attemptsOf).flatMap((attempt) => attempt.folder ?? []);
  const link = folder === undefined ? undefined : reportOf(folder);
  const words = link === undefined || link.length > linkMax ? word : `[${word}](${link.replace(/[()]/g, encodeURIComponent)})`;
  const rest = [cellCount(cell), whyUnplayed(cell)].filter((text) => text !== "");
  return [`${sign} ${words}`, ...rest.map((text) => markdown(shortened(text, whyMax)))].join("<br>");
}
