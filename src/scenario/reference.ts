import { z } from "zod";
import type { Catalogue } from "./catalogue.ts";
import { besideWorkloads } from "./document-schema.ts";
import type { JsonSchema } from "./json-schema.ts";
import { expectation, schemasAt } from "./schema-lookup.ts";

/** One option of a fault, workload or assertion, in words. */
export interface OptionRow {
  /** `latency.below` for one within another. */
  readonly name: string;
  readonly expects: string;
  readonly required: boolean;
  /** As it would be written. */
  readonly standard: string | undefined;
  readonly about: string;
}

/** What can be written in a scenario under a name. */
export interface Kind {
  readonly kind: string;
  readonly summary: string;
  readonly options: z.ZodType;
}

/** What can be written under a kind's name, made of the schema that the parser uses. */
export function optionRows({ options }: Kind): OptionRow[] {
  return rowsOf(z.toJSONSchema(options, { target: "draft-7", io: "input", unrepresentable: "any" }), [], "");
}

function rowsOf(root: JsonSchema, path: readonly string[], prefix: string): OptionRow[] {
  const holders = schemasAt(root, path);
  const names = [...new Set(holders.flatMap(({ properties }) => Object.keys(properties ?? {})))];
  return names.flatMap((name) => {
    const inner = [...path, name];
    const schemas = schemasAt(root, inner);
    const row: OptionRow = {
      name: `${prefix}${name}`,
      expects: expectation(schemas) ?? "anything",
      required: holders.every(({ required }) => required?.includes(name) ?? false),
      standard: standardOf(schemas),
      about: schemas.map(({ description }) => description).find((text) => text !== undefined) ?? "",
    };
    return [row, ...rowsOf(root, inner, `${row.name}.`)];
  });
}

function standardOf(schemas: readonly JsonSchema[]): string | undefined {
  const standard = schemas.map((schema) => schema.default).find((value) => value !== undefined);
  return standard === undefined ? undefined : typeof standard === "string" ? standard : JSON.stringify(standard);
}

/** `docs/reference.md`: every kind with its options. */
export function referenceText({ faults, workloads, assertions, expressions }: Catalogue): string {
  const parts = [
    ["Faults", faults],
    ["Workloads", [besideWorkloads(workloads), ...workloads]],
    ["Assertions", assertions],
  ] as const;
  const head = "# Reference\n\nEvery fault, workload and assertion with its options. Made from the code by `npm run schema`; `npm run explain -- <name>` shows the same at the terminal. How they go together is in [scenarios.md](scenarios.md).\n";
  return [head, ...parts.map(([title, kinds]) => `## ${title}\n\n${kinds.map(kindText).join("\n")}`), expressionText(expressions)].join("\n");
}

function expressionText({ summary, examples }: Catalogue["expressions"]): string {
  const rows = examples.map(([text, meaning]) => `| \`${cell(text)}\` | ${cell(meaning)} |`);
  return ["### In one line", "", summary, "", "| text | meaning |", "|---|---|", ...rows, ""].join("\n");
}

function kindText(kind: Kind): string {
  const rows = optionRows(kind).map(({ name, expects, required, standard, about }) => `| \`${name}\` | ${cell(expects)} | ${required ? "needed" : standard === undefined ? "none" : `\`${cell(standard)}\``} | ${cell(about)} |`);
  return [`### ${kind.kind}`, "", kind.summary, "", "| option | value | default | meaning |", "|---|---|---|---|", ...rows, ""].join("\n");
}

function cell(text: string): string {
  return text.replaceAll("|", "\\|").replaceAll("\n", " ");
}
