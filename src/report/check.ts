import picocolors from "picocolors";
import type { Counterexample, LinearizableResult, ShownCall } from "../check/linearizable/result.ts";
import { formatDuration } from "../units/duration.ts";
import { outcomeWords } from "./outcome-words.ts";
import { counted, oneLine, printable } from "./text.ts";

/** A history that was checked. */
export interface CheckedHistory {
  readonly file: string;
  readonly model: string;
  readonly format: string;
  /** From the reading of the file on. */
  readonly tookMs: number;
  readonly result: LinearizableResult;
}

/** More calls than these are no help to a reader: the last ones are shown. */
const callsMax = 40;
const textMax = 100;

/** What `check` prints: the verdict, and for a fail the calls that show it. */
export function renderCheck({ file, model, format, tookMs, result }: CheckedHistory, { colour }: { readonly colour: boolean }): string {
  const colours = picocolors.createColors(colour);
  const paint = { pass: colours.green, fail: colours.red, inconclusive: colours.yellow } as const;
  const { glyph, word } = outcomeWords[result.outcome];
  const parts = result.parts > 1 ? `, ${counted(result.parts, "key")}` : "";
  return [
    `${paint[result.outcome](`${glyph} ${word}`)}  ${printable(file)}`,
    `  ${counted(result.calls, "operation")}${parts}, ${format} against the model ${model}, in ${formatDuration(tookMs)}`,
    ...(result.outcome === "inconclusive" ? [`  ${printable(result.reason)}`] : []),
    ...(result.outcome === "fail" ? counterexampleLines(result.counterexample) : []),
    "",
  ].join("\n");
}

function counterexampleLines({ sentence, part, calls, minimal, firstIllegal, lastStates }: Counterexample): string[] {
  const shown = calls.slice(-callsMax);
  const left = calls.length - shown.length;
  return [
    "",
    `  ${printable(sentence)}.`,
    "",
    `  ${minimal ? "These operations alone have no legal order" : "These operations have no legal order"}${part === undefined ? "" : `, on key ${printable(part)}`}:`,
    ...(left > 0 ? [`    … ${counted(left, "earlier operation")}`] : []),
    ...shown.map((call) => `  ${isSame(call, firstIllegal) ? "▸" : " "} ${callLine(call)}`),
    ...(lastStates.length === 0 ? [] : ["", `  Until ▸ returned it could only be that ${oneLine(lastStates.slice(0, 4).join(", or "), 4 * textMax)}.`]),
  ];
}

function isSame(one: ShownCall, other: ShownCall): boolean {
  return one.process === other.process && one.invoke === other.invoke;
}

function callLine({ process, invoke, return: returned, what, outcome, line }: ShownCall): string {
  const time = `${invoke} → ${outcome === "info" ? "unknown" : returned}`;
  return `${line === undefined ? "" : `line ${String(line).padEnd(8)}`}process ${String(process).padEnd(6)}${time.padEnd(24)}${oneLine(what, textMax)}`;
}
