import { fileURLToPath } from "node:url";
import type { Catalogue } from "./catalogue.ts";
import { scenarioJsonSchema } from "./json-schema.ts";
import { referenceText } from "./reference.ts";

/** Where editors find the JSON Schema: each scenario's first line points at it. */
export const schemaFile = fileURLToPath(new URL("../../docs/scenario.schema.json", import.meta.url));

/** Where people find the same. */
export const referenceFile = fileURLToPath(new URL("../../docs/reference.md", import.meta.url));

/** Every file that is made of the catalogue, with what belongs in it. */
export function generatedFiles(catalogue: Catalogue): readonly (readonly [path: string, text: string])[] {
  return [[schemaFile, schemaText(catalogue)], [referenceFile, referenceText(catalogue)]];
}

/** What belongs in the file of the JSON Schema. */
export function schemaText(catalogue: Catalogue): string {
  return `${JSON.stringify(scenarioJsonSchema(catalogue), null, 2)}\n`;
}
