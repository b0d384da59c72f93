import { codeFrameColumns } from "@babel/code-frame";
import { HarnessError } from "../errors.ts";

/** One thing that is wrong in a scenario file. Lines and columns count from 1. */
export interface Problem {
  readonly line: number;
  readonly column: number;
  /** The first column after it, where it ends on the same line. */
  readonly endColumn?: number;
  /** A clause without a full stop: `unknown fault "partitoin"`. */
  readonly message: string;
  /** What to do about it, as a sentence. */
  readonly hint?: string;
}

/** More would scroll the first one out of sight. */
const shownMax = 20;
const frameWidthMax = 160;

/** Everything that is wrong in a scenario file, at once, in the order of the file. */
export class ScenarioError extends HarnessError {
  readonly fileName: string;
  readonly problems: readonly Problem[];

  constructor(fileName: string, text: string, problems: readonly Problem[]) {
    const sorted = [...problems].sort((a, b) => a.line - b.line || a.column - b.column);
    super("scenario-invalid", describeAll(fileName, text, sorted));
    this.fileName = fileName;
    this.problems = sorted;
  }
}

function describeAll(fileName: string, text: string, problems: readonly Problem[]): string {
  const frameText = linesToShow(text).join("\n");
  const shown = problems.slice(0, shownMax).map((problem) => describe(fileName, frameText, problem));
  const left = problems.length - shown.length;
  return [...shown, ...(left > 0 ? [`… and ${left} more in ${fileName}`] : [])].join("\n\n");
}

/** `file:line:column: message`, the lines around it, and what to do. */
function describe(fileName: string, frameText: string, problem: Problem): string {
  const { line, column, message, hint } = problem;
  return [`${fileName}:${line}:${column}: ${message}`, ...frame(frameText, problem), ...(hint === undefined ? [] : [`  ${hint}`])].join("\n");
}

/** Nothing where the place is beyond what is shown of its line. */
function frame(text: string, { line, column, endColumn }: Problem): string[] {
  if (column > frameWidthMax || text === "") return [];
  const end = endColumn === undefined ? {} : { end: { line, column: Math.min(endColumn, frameWidthMax + 1) } };
  return [codeFrameColumns(text, { start: { line, column }, ...end }, { linesAbove: 1, linesBelow: 1 })];
}

/** Long lines are cut, and what only the code frame takes for a line break is blanked, so that both count lines alike. */
function linesToShow(text: string): string[] {
  return text.split(/\r?\n/).map((line) => {
    const cut = line.length > frameWidthMax ? `${line.slice(0, frameWidthMax)}…` : line;
    return cut.replace(/[\r\u2028\u2029]/g, " ");
  });
}
