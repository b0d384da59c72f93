import { z } from "zod";
import type { Catalogue } from "./catalogue.ts";
import { documentSchema } from "./document-schema.ts";

export type JsonSchema = z.core.JSONSchema.JSONSchema;

/** The JSON Schema (draft-07) of scenario files, for editors: made of the same schemas that the parser uses. */
export function scenarioJsonSchema(catalogue: Catalogue): JsonSchema {
  const schema = z.toJSONSchema(documentSchema(catalogue), { target: "draft-7", io: "input", unrepresentable: "any" });
  // The schema object also carries a non-enumerable handle of the library; only what JSON has is wanted.
  return { ...schema, title: "etcd-chaos scenario" };
}
