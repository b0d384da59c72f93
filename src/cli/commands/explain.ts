import { catalogue } from "../../catalogue.ts";
import { runtimesHere } from "../../cluster/runtime.ts";
import { HarnessError } from "../../errors.ts";
import { abortPart, besideWorkloads } from "../../scenario/document-schema.ts";
import { optionRows, type OptionRow } from "../../scenario/reference.ts";
import { suggestion } from "../../scenario/suggest.ts";
import { availabilityOf } from "../availability.ts";
import { exitCodes, type ExitCode } from "../exit-codes.ts";

/** Tells all about faults, workloads, assertions, abort-if or workload: options, and for faults where they can be had here. */
export async function explainCommand(names: readonly string[]): Promise<ExitCode> {
  const texts = await Promise.all(names.map(explanation));
  process.stdout.write(`${texts.join("\n\n")}\n`);
  return exitCodes.pass;
}

const parts = [abortPart(catalogue), besideWorkloads(catalogue.workloads)];

/** What assertions are called that are one line of text. */
const expressionName = "expression";

async function explanation(name: string): Promise<string> {
  const fault = catalogue.faults.find(({ kind }) => kind === name);
  if (fault !== undefined) {
    const here = (await runtimesHere()).map((runtime) => `  ${runtime.kind.padEnd(8)}${availabilityOf(fault, runtime)}`);
    return [`${fault.glyph} ${name}, a fault`, `  ${fault.summary}`, "", "available here", ...here, "", ...optionLines(optionRows(fault))].join("\n");
  }
  for (const [noun, kinds] of [["a workload", catalogue.workloads], ["an assertion", catalogue.assertions], ["a part of a scenario", parts]] as const) {
    const found = kinds.find(({ kind }) => kind === name);
    if (found !== undefined) return [`${name}, ${noun}`, `  ${found.summary}`, "", ...optionLines(optionRows(found))].join("\n");
  }
  if (name === expressionName) return [`${name}, an assertion`, `  ${catalogue.expressions.summary}`, "", "examples", ...catalogue.expressions.examples.flatMap(([text, meaning]) => [`  ${text}`, `      ${meaning}`])].join("\n");
  const known = [...catalogue.faults, ...catalogue.workloads, ...catalogue.assertions, ...parts].map(({ kind }) => kind).concat(expressionName);
  throw new HarnessError("usage", `there is no fault, workload or assertion called ${name}`, { hint: suggestion(name, known, "`npm run list` shows what there is.") });
}

function optionLines(rows: readonly OptionRow[]): string[] {
  const width = Math.max(...rows.map(({ name }) => name.length));
  return ["options", ...rows.flatMap(({ name, expects, required, standard, about }) => {
    const rest = required ? " (needed)" : standard === undefined ? "" : ` (default ${standard})`;
    return [`  ${name.padEnd(width)}  ${expects}${rest}`, ...(about === "" ? [] : [`  ${" ".repeat(width)}  ${about}`])];
  })];
}
