import Table from "cli-table3";
import picocolors from "picocolors";
import type { Outcome } from "../../assertions/verdict.ts";
import type { JudgedAssertion, Results } from "../judge/results.ts";
import { shortened } from "../recording/operation-brief.ts";
import { lanesText } from "./lanes/text.ts";
import { gravestFirst, outcomeWords, tally, wordOf } from "./outcome-words.ts";
import { counted, oneLine, printable } from "./text.ts";

export interface TerminalOptions {
  /** Where a person finds the report; printed whole, to be copied. */
  readonly reportPath: string;
  /** Width of the terminal in characters. */
  readonly columns: number;
  readonly colour: boolean;
}

/** Below this a table of four columns is harder to read than a list. */
const tableColumnsMin = 76;
/** Beyond this lines are too long to read; wide terminals keep a margin. */
const columnsMax = 140;
const textMax = 600;

/** What a run prints on stdout when it is over: verdict, assertions with observed beside bound, report, replay. */
export function renderTerminal(results: Results, { reportPath, columns, colour }: TerminalOptions): string {
  const width = Math.max(30, Math.min(columns, columnsMax));
  const paint = painter(colour);
  const assertions = gravestFirst(results.assertions);
  return [
    ...verdictLines(results, width, paint),
    "",
    ...(assertions.length === 0
      ? ["No assertion was judged."]
      : width < tableColumnsMin
        ? assertions.flatMap((each) => listItem(each, width, paint))
        : [assertionTable(assertions, width, paint)]),
    "",
    ...assertions.filter(({ verdict }) => verdict.counterexample !== undefined).slice(0, counterexamplesMax).flatMap((each) => counterexampleLines(each, width, paint)),
    ...assumptionLines(results, width, paint),
    "",
    `${paint.dim("report")}  ${printable(reportPath)}`,
    `${paint.dim("replay")}  ${printable(results.replay)}`,
    "",
  ].join("\n");
}

/** What shows a violation; the report has the others and the rest of these. */
const counterexamplesMax = 2;
const operationsMax = 10;

function counterexampleLines({ title, verdict: { counterexample } }: JudgedAssertion, width: number, paint: Paint): string[] {
  if (counterexample === undefined) return [];
  const parts = { illegal: (text: string) => paint.outcome("fail", text), legal: (text: string) => paint.outcome("pass", text), quiet: paint.dim } as const;
  return [paint.bold(shortened(printable(title), width)), ...lanesText(counterexample, { columns: width, most: operationsMax, paint: (kind, text) => parts[kind](text) }), ""];
}

type Paint = ReturnType<typeof painter>;

function painter(colour: boolean) {
  const colours = picocolors.createColors(colour);
  const outcomes = { pass: colours.green, fail: colours.red, inconclusive: colours.yellow } as const satisfies Record<Outcome, unknown>;
  return {
    dim: colours.dim,
    bold: colours.bold,
    outcome: (outcome: Outcome, text: string) => outcomes[outcome](text),
  };
}

function badge(outcome: Outcome, word: string = outcomeWords[outcome].word): string {
  return `${outcomeWords[outcome].glyph} ${word}`;
}

function badgeOf(judged: JudgedAssertion): string {
  return badge(judged.verdict.outcome, wordOf(judged));
}

function verdictLines({ outcome, scenario, sentence }: Results, width: number, paint: Paint): string[] {
  const name = oneLine(scenario, textMax);
  return [
    `${paint.bold(paint.outcome(outcome, `${badge(outcome).toUpperCase()}`))}  ${paint.bold(name)}`,
    ...wrap(oneLine(sentence, textMax), width),
  ];
}

function assertionTable(assertions: readonly JudgedAssertion[], width: number, paint: Paint): string {
  const outcomeWidth = Math.max("Verdict".length, ...assertions.map((each) => badgeOf(each).length));
  const gap = 2;
  const free = width - outcomeWidth - 3 * gap;
  const [title, observed] = [Math.floor(free * 0.34), Math.floor(free * 0.37)];
  const widths = [outcomeWidth, title, observed, free - title - observed];
  const table = new Table({
    chars: blankFrame,
    style: { "padding-left": 0, "padding-right": 0, head: [], border: [] },
    // cli-table3 counts a column's padding, not what is between columns.
    colWidths: widths,
  });
  const cells = (texts: readonly string[]) => texts.map((text, index) => wrap(text, widths[index] ?? 1).join("\n"));
  table.push(cells(["Verdict", "Assertion", "Observed", "Bound"]).map((head) => paint.dim(head)));
  for (const judged of assertions) {
    const { title: name, verdict } = judged;
    const [first = "", ...rest] = cells([
      badgeOf(judged),
      oneLine(name, textMax),
      oneLine(verdict.observed, textMax),
      oneLine(verdict.bound, textMax),
    ]);
    table.push([paint.outcome(verdict.outcome, first), ...rest]);
    // cli-table3 takes what is between two columns that a cell spans for one character.
    for (const line of reasonLines(verdict.reason, free + 2)) table.push(["", { content: paint.outcome(verdict.outcome, line), colSpan: 3 }]);
  }
  return table
    .toString()
    .split("\n")
    .map((line) => line.trimEnd())
    .join("\n");
}

/** Columns apart by two spaces, no lines: the eye follows the alignment. */
export const blankFrame = {
  top: "", "top-mid": "", "top-left": "", "top-right": "",
  bottom: "", "bottom-mid": "", "bottom-left": "", "bottom-right": "",
  left: "", "left-mid": "", mid: "", "mid-mid": "", right: "", "right-mid": "",
  middle: "  ",
} as const;

function listItem(judged: JudgedAssertion, width: number, paint: Paint): string[] {
  const { title, verdict } = judged;
  const indented = (text: string) => wrap(text, width - 2).map((line) => `  ${line}`);
  return [
    ...wrap(`${badgeOf(judged)}  ${oneLine(title, textMax)}`, width).map((line) => paint.outcome(verdict.outcome, line)),
    ...indented(`observed  ${oneLine(verdict.observed, textMax)}`),
    ...indented(`bound     ${oneLine(verdict.bound, textMax)}`),
    ...reasonLines(verdict.reason, width - 2).map((line) => `  ${paint.outcome(verdict.outcome, line)}`),
  ];
}

function reasonLines(reason: string | undefined, width: number): string[] {
  return reason === undefined ? [] : wrap(`→ ${oneLine(reason, textMax)}`, width);
}

function assumptionLines({ assumptions }: Results, width: number, paint: Paint): string[] {
  const doubts = assumptions.filter(({ outcome }) => outcome !== "pass");
  return [
    `${counted(assumptions.length, "assumption")}: ${tally(assumptions.map(({ outcome }) => outcome))}`,
    ...doubts.flatMap(({ title, outcome, observed }) =>
      wrap(`${badge(outcome)}  ${oneLine(title, textMax)}: ${oneLine(observed, textMax)}`, width - 2).map(
        (line) => `  ${paint.outcome(outcome, line)}`,
      ),
    ),
  ];
}

/** Lines of at most `width` characters, broken between words, and inside a word that is longer than a line. */
export function wrap(text: string, width: number): string[] {
  const lines: string[] = [];
  let line = "";
  for (const word of text.split(" ").flatMap((each) => pieces(each, width))) {
    if (line !== "" && line.length + 1 + word.length > width) {
      lines.push(line);
      line = word;
    } else {
      line = line === "" ? word : `${line} ${word}`;
    }
  }
  return line === "" ? lines : [...lines, line];
}

function pieces(word: string, width: number): string[] {
  const parts: string[] = [];
  for (let start = 0; start < word.length; start += width) parts.push(word.slice(start, start + width));
  return parts;
}
