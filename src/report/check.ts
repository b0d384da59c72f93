import picocolors from "picocolors";
import type { Outcome } from "../../assertions/verdict.ts";
import type { Checked, Counterexample } from "../check/counterexample.ts";
import { formatDuration } from "../units/duration.ts";
import { lanesText } from "./lanes/text.ts";
import { outcomeWords } from "./outcome-words.ts";
import { count, counted, oneLine, printable } from "./text.ts";

/** A history that was checked. */
export interface CheckedHistory {
  readonly file: string;
  readonly model: string;
  /** How the history is written. */
  readonly history: string;
  /** From the reading of the file on. */
  readonly tookMs: number;
  readonly finding: Checked;
}

/** `check --json`: what was checked and how it ended; the counterexamples are as in a run's `counterexamples.json`. */
export function checkJson({ finding, ...history }: CheckedHistory): string {
  const progress = finding.kind === "ok" ? { checked: finding.checked } : finding.kind === "unknown" ? { because: finding.because, checked: finding.checked, of: finding.of } : {};
  const result = { outcome: outcomeOf[finding.kind], ...progress, counterexamples: finding.kind === "violated" ? [finding.counterexample] : [] };
  return `${JSON.stringify({ format: 1, ...history, ...result }, undefined, 2)}\n`;
}

/** Beyond this lines are too long to read. */
const columnsMax = 140;
const operationsMax = 24;
const textMax = 400;

/** The outcome that a finding stands for. */
export const outcomeOf = { ok: "pass", violated: "fail", unknown: "inconclusive" } as const satisfies Readonly<Record<Checked["kind"], Outcome>>;

/** What `check` prints: the verdict, and for a fail the operations that show it. */
export function renderCheck({ file, model, history, tookMs, finding }: CheckedHistory, { columns, colour }: { readonly columns: number; readonly colour: boolean }): string {
  const colours = picocolors.createColors(colour);
  const paint = { pass: colours.green, fail: colours.red, inconclusive: colours.yellow } as const;
  const outcome = outcomeOf[finding.kind];
  const { glyph, word } = outcomeWords[outcome];
  const checked = finding.kind === "ok" ? `${counted(finding.checked, "operation")}, ` : finding.kind === "unknown" ? `${count(finding.checked)} of ${counted(finding.of, "operation")}, ` : "";
  return [
    `${paint[outcome](`${glyph} ${word}`)}  ${printable(file)}`,
    `  ${checked}${history} against the model ${model}, in ${formatDuration(tookMs)}`,
    ...(finding.kind === "unknown" ? [`  ${printable(finding.because)}`] : []),
    ...(finding.kind === "violated" ? counterexampleLines(finding.counterexample, columns, colours) : []),
    "",
  ].join("\n");
}

function counterexampleLines(counterexample: Counterexample, columns: number, colours: ReturnType<typeof picocolors.createColors>): string[] {
  const { rule, sentence, expected, seen } = counterexample;
  const paint = { illegal: colours.red, legal: colours.green, quiet: colours.dim } as const;
  return [
    "",
    `  ${rule}: ${printable(sentence)}.`,
    "",
    ...lanesText(counterexample, { columns: Math.min(columns, columnsMax), most: operationsMax, paint: (kind, text) => paint[kind](text) }),
    ...(expected === undefined ? [] : [`  expected  ${oneLine(expected, textMax)}`]),
    ...(seen === undefined ? [] : [`  seen      ${oneLine(seen, textMax)}`]),
  ];
}
