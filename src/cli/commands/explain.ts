import { catalogue, expressionName } from "../../catalogue.ts";
import { runtimesHere } from "../../cluster/runtime.ts";
import { HarnessError } from "../../errors.ts";
import { abortPart, besideWorkloads, watchers } from "../../scenario/document-schema.ts";
import { optionRows, type Kind, type OptionRow } from "../../scenario/reference.ts";
import { suggestion } from "../../scenario/suggest.ts";
import { availabilityOf } from "../availability.ts";
import { exitCodes, type ExitCode } from "../exit-codes.ts";

/** Tells all about faults, workloads, assertions, abort-if or workload: options, and for faults where they can be had here. */
export async function explainCommand(names: readonly string[]): Promise<ExitCode> {
  const texts = await Promise.all(names.map(explanation));
  process.stdout.write(`${texts.join("\n\n")}\n`);
  return exitCodes.pass;
}

const kinds: readonly (readonly [noun: string, of: readonly Kind[]])[] = [
  ["a workload", catalogue.workloads],
  ["a part of workload", [watchers]],
  ["an assertion", catalogue.assertions],
  ["a part of a scenario", [abortPart(catalogue), besideWorkloads(catalogue.workloads)]],
];

/** Some names are those of a workload and of the assertion that judges it: then both are told. */
async function explanation(name: string): Promise<string> {
  const faults = catalogue.faults.filter(({ kind }) => kind === name).map(faultText);
  const others = kinds.flatMap(([noun, of]) => of.filter(({ kind }) => kind === name).map((kind) => [`${name}, ${noun}`, `  ${kind.summary}`, "", ...optionLines(optionRows(kind))].join("\n")));
  const texts = [...(await Promise.all(faults)), ...others, ...(name === expressionName ? [expressionText()] : [])];
  if (texts.length > 0) return texts.join("\n\n");
  const known = [...catalogue.faults, ...kinds.flatMap(([, of]) => of)].map(({ kind }) => kind).concat(expressionName);
  throw new HarnessError("usage", `there is no fault, workload or assertion called ${name}`, { hint: suggestion(name, known, "`npm run list` shows what there is.") });
}

async function faultText(fault: (typeof catalogue.faults)[number]): Promise<string> {
  const here = (await runtimesHere()).map((runtime) => `  ${runtime.kind.padEnd(8)}${availabilityOf(fault, runtime)}`);
  return [`${fault.glyph} ${fault.kind}, a fault`, `  ${fault.summary}`, "", "available here", ...here, "", ...optionLines(optionRows(fault))].join("\n");
}

function expressionText(): string {
  const { summary, examples } = catalogue.expressions;
  return [`${expressionName}, an assertion`, `  ${summary}`, "", "examples", ...examples.flatMap(([text, meaning]) => [`  ${text}`, `      ${meaning}`])].join("\n");
}

function optionLines(rows: readonly OptionRow[]): string[] {
  const width = Math.max(...rows.map(({ name }) => name.length));
  return ["options", ...rows.flatMap(({ name, expects, required, standard, about }) => {
    const rest = required ? " (needed)" : standard === undefined ? "" : ` (default ${standard})`;
    return [`  ${name.padEnd(width)}  ${expects}${rest}`, ...(about === "" ? [] : [`  ${" ".repeat(width)}  ${about}`])];
  })];
}
