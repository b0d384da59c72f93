import type { Finding } from "../../judge/findings.ts";
import { clip, counted, oneLine, printable } from "../text.ts";

/** A run that did not pass, for a reader of the change or of the job. */
export interface AnnotatedRun {
  /** The scenario's file, from the root of the repository. */
  readonly file: string;
  readonly scenario: string;
  /** Why the run did not pass, in one sentence. */
  readonly sentence: string;
  /** The command that runs the same again. */
  readonly replay: string;
  readonly findings: readonly Finding[];
  /** It crashed or was interrupted: nothing could be told of all that it did not come to. */
  readonly brokeOff?: boolean;
}

/** GitHub shows no more of one step, and drops the others without a word. */
export const annotationsMax = 10;
const textMax = 1_000;

/**
 * Lines that GitHub Actions turns into annotations at the scenario's line of each assertion: violations of all runs first,
 * then what could not be told. A run that broke off has one for itself. Where there are more than it shows, the last one says how many.
 */
export function annotations(runs: readonly AnnotatedRun[]): string[] {
  const all = runs.flatMap(ofRun).sort((a, b) => severity[a.level] - severity[b.level]);
  if (all.length <= annotationsMax) return all.map(({ line }) => line);
  const shown = all.slice(0, annotationsMax - 1);
  const more = `${counted(all.length - shown.length, "more finding")} in the step summary and in the reports`;
  return [...shown.map(({ line }) => line), workflowCommand("notice", { title: "etcd-chaos" }, more)];
}

const severity = { error: 0, warning: 1 } as const;

interface Annotation {
  readonly level: keyof typeof severity;
  readonly line: string;
}

function ofRun({ file, scenario, sentence, replay, findings, brokeOff = false }: AnnotatedRun): Annotation[] {
  // Of a run that broke off every assertion says the same, that there is no data; what it had violated before still counts.
  const telling = brokeOff ? findings.filter(({ outcome }) => outcome === "fail") : findings;
  // A run that broke has judged nothing, and is to be seen all the same.
  const told: readonly Finding[] = telling.length > 0 ? telling : [{ outcome: "fail", title: "the run", text: sentence }];
  return told.map(({ outcome, title, line, text }) => {
    const level = outcome === "fail" ? "error" : "warning";
    const properties = { file, ...(line === undefined ? {} : { line: String(line) }), title: oneLine(`${scenario}: ${title}`, 200) };
    return { level, line: workflowCommand(level, properties, clip(printable(`${text}\nReplay: ${replay}`), textMax)) };
  });
}

/** A workflow command as GitHub's runner reads it: what would end a value or the line is escaped. */
export function workflowCommand(name: string, properties: Readonly<Record<string, string>>, message: string): string {
  const pairs = Object.entries(properties).map(([key, value]) => `${key}=${escaped(value).replace(/:/g, "%3A").replace(/,/g, "%2C")}`);
  return `::${name} ${pairs.join(",")}::${escaped(message)}`;
}

function escaped(text: string): string {
  return text.replace(/%/g, "%25").replace(/\r/g, "%0D").replace(/\n/g, "%0A");
}
