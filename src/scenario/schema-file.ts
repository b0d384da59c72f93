import { fileURLToPath } from "node:url";
import type { Catalogue } from "./catalogue.ts";
import { scenarioJsonSchema } from "./json-schema.ts";

/** Where editors find the JSON Schema: each scenario's first line points at it. */
export const schemaFile = fileURLToPath(new URL("../../docs/scenario.schema.json", import.meta.url));

/** What belongs in that file. */
export function schemaText(catalogue: Catalogue): string {
  return `${JSON.stringify(scenarioJsonSchema(catalogue), null, 2)}\n`;
}
