import picocolors from "picocolors";
import type { Outcome } from "../../assertions/verdict.ts";
import type { Finding, Violated } from "../check/finding.ts";
import type { ShownCall } from "../check/linearizable/shown-call.ts";
import { formatDuration } from "../units/duration.ts";
import { outcomeWords } from "./outcome-words.ts";
import { count, counted, oneLine, printable } from "./text.ts";

/** A history that was checked. */
export interface CheckedHistory {
  readonly file: string;
  readonly model: string;
  readonly format: string;
  /** From the reading of the file on. */
  readonly tookMs: number;
  readonly finding: Finding<ShownCall>;
}

/** More operations than these are no help to a reader: the last ones are shown. */
const operationsMax = 40;
const textMax = 100;

/** The outcome that a finding stands for. */
export const outcomeOf = { ok: "pass", violated: "fail", unknown: "inconclusive" } as const satisfies Readonly<Record<Finding["kind"], Outcome>>;

/** What `check` prints: the verdict, and for a fail the operations that show it. */
export function renderCheck({ file, model, format, tookMs, finding }: CheckedHistory, { colour }: { readonly colour: boolean }): string {
  const colours = picocolors.createColors(colour);
  const paint = { pass: colours.green, fail: colours.red, inconclusive: colours.yellow } as const;
  const outcome = outcomeOf[finding.kind];
  const { glyph, word } = outcomeWords[outcome];
  const checked = finding.kind === "ok" ? `${counted(finding.checked, "operation")}, ` : finding.kind === "unknown" ? `${count(finding.checked)} of ${counted(finding.of, "operation")}, ` : "";
  return [
    `${paint[outcome](`${glyph} ${word}`)}  ${printable(file)}`,
    `  ${checked}${format} against the model ${model}, in ${formatDuration(tookMs)}`,
    ...(finding.kind === "unknown" ? [`  ${printable(finding.because)}`] : []),
    ...(finding.kind === "violated" ? counterexampleLines(finding) : []),
    "",
  ].join("\n");
}

function counterexampleLines({ rule, sentence, operations, illegal, expected }: Violated<ShownCall>): string[] {
  const shown = operations.slice(-operationsMax);
  const left = operations.length - shown.length;
  return [
    "",
    `  ${rule}: ${printable(sentence)}.`,
    "",
    "  These operations have no legal order:",
    ...(left > 0 ? [`    … ${counted(left, "earlier operation")}`] : []),
    ...shown.map((call) => `  ${isSame(call, illegal) ? "▸" : " "} ${callLine(call)}`),
    ...(expected === undefined ? [] : ["", `  Until ▸ returned it could only be that ${oneLine(expected, 4 * textMax)}.`]),
  ];
}

function isSame(one: ShownCall, other: ShownCall): boolean {
  return one.process === other.process && one.invoke === other.invoke;
}

function callLine({ process, invoke, return: returned, what, line }: ShownCall): string {
  const time = `${invoke} → ${returned ?? "unknown"}`;
  return `${line === undefined ? "" : `line ${String(line).padEnd(8)}`}process ${String(process).padEnd(6)}${time.padEnd(24)}${oneLine(what, textMax)}`;
}
