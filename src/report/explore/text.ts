import picocolors from "picocolors";
import { formatDuration } from "../../units/duration.ts";
import { lanesText } from "../lanes/text.ts";
import { outcomeWords } from "../outcome-words.ts";
import { counted, oneLine, printable } from "../text.ts";
import { outcomeOfSearch, sentenceOfSearch, type Explored, type ExploredFinding } from "./explored.ts";

const columnsMax = 140;
const operationsMax = 16;

/** What `explore` prints at its end: each promise that was seen broken, with the smallest scenario that shows it. */
export function renderExplored(explored: Explored, { columns, colour }: { readonly columns: number; readonly colour: boolean }): string {
  const colours = picocolors.createColors(colour);
  const outcome = outcomeOfSearch(explored);
  const paint = { pass: colours.green, fail: colours.red, inconclusive: colours.yellow } as const;
  const { glyph, word } = outcomeWords[outcome];
  const { runs, reducing, coverage, endedBy, tookMs } = explored;
  return [
    ...explored.findings.flatMap((finding) => findingLines(finding, columns, colours)),
    `${paint[outcome](`${glyph} ${word}`)}  ${printable(sentenceOfSearch(explored))}`,
    `  ${runs.pass} passed, ${runs.fail} failed, ${runs.inconclusive} inconclusive, ${runs.broken} without a verdict; ${counted(reducing, "run")} more to make findings smaller; ended by ${endedBy} after ${formatDuration(tookMs)}`,
    `  covered: ${coverage.map(({ of, covered }) => `${covered.length} × ${of}`).join(", ")}`,
    ...explored.troubles.slice(0, 5).map((trouble) => `  ! ${oneLine(trouble, 300)}`),
    "",
  ].join("\n");
}

function findingLines({ number, guarantee, shape, sentence, became, run, afterMs, again, scenario, counterexample }: ExploredFinding, columns: number, colours: ReturnType<typeof picocolors.createColors>): string[] {
  const paint = { illegal: colours.red, legal: colours.green, quiet: colours.dim } as const;
  return [
    `${colours.red(`✗ ${number}`)} ${colours.bold(printable(guarantee))}  ${oneLine(sentence, 400)}`,
    colours.dim(`  ${shape}; first in run ${run} after ${formatDuration(afterMs)}${again > 0 ? `, again in ${counted(again, "run")}` : ""}`),
    `  ${became}`,
    ...(counterexample === undefined ? [] : lanesText(counterexample, { columns: Math.min(columns, columnsMax), most: operationsMax, paint: (kind, text) => paint[kind](text) })),
    "",
    ...scenario.text.trimEnd().split("\n").map((line) => `    ${printable(line)}`),
    "",
    `  ${scenario.command}`,
    "",
  ];
}
