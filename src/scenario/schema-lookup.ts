import { durationPattern } from "../units/duration.ts";
import type { JsonSchema } from "./json-schema.ts";
import { listed } from "./suggest.ts";

/**
 * The schemas that apply at a path of a document: several where there are alternatives,
 * none where nothing is allowed. Finding them in JSON Schema keeps messages independent
 * of the inner workings of the library that validates.
 */
export function schemasAt(root: JsonSchema, path: readonly PropertyKey[]): readonly JsonSchema[] {
  return path.reduce<readonly JsonSchema[]>(
    (schemas, key) => schemas.flatMap((schema) => below(schema, key)).flatMap((schema) => alternatives(root, schema)),
    alternatives(root, root),
  );
}

function below(schema: JsonSchema, key: PropertyKey): JsonSchema[] {
  const property = typeof key === "string" && schema.properties && Object.hasOwn(schema.properties, key) ? schema.properties[key] : undefined;
  const found = property ?? (typeof key === "number" ? schema.items : schema.additionalProperties);
  return [found].flat().filter((each) => typeof each === "object");
}

function alternatives(root: JsonSchema, schema: JsonSchema): readonly JsonSchema[] {
  if (schema.$ref !== undefined) {
    const name = schema.$ref.split("/").at(-1) ?? "";
    const definitions = root.definitions;
    const target = definitions && typeof definitions === "object" ? Object.entries(definitions).find(([key]) => key === name)?.[1] : undefined;
    return typeof target === "object" && target !== null ? alternatives(root, target) : [];
  }
  // `oneOf` beside `properties` says which keys go together; it is no list of alternatives.
  const branches = schema.properties ? [] : [...(schema.anyOf ?? []), ...(schema.oneOf ?? [])];
  if (branches.length === 0) return [schema];
  const described = schema.description === undefined ? {} : { description: schema.description };
  return branches.flatMap((branch) => alternatives(root, branch)).map((branch) => ({ ...described, ...branch }));
}

/** The keys that a map may have here. */
export function keysOf(schemas: readonly JsonSchema[]): string[] {
  return [...new Set(schemas.flatMap((schema) => Object.keys(schema.properties ?? {})))];
}

/** The values to choose from, as text. */
export function choicesOf(schemas: readonly JsonSchema[]): string[] {
  return [...new Set(schemas.flatMap((schema) => schema.enum ?? (schema.const === undefined ? [] : [schema.const])).map(String))];
}

export function isDuration(schemas: readonly JsonSchema[]): boolean {
  return schemas.some(({ pattern }) => pattern === durationPattern.source);
}

/** What belongs here, as words: `leader, all or a member's name such as etcd-1`. Undefined when anything may. */
export function expectation(schemas: readonly JsonSchema[]): string | undefined {
  const phrases = schemas.flatMap((schema) => schema.enum?.map(String) ?? phraseOf(schema));
  return phrases.includes(anything) || phrases.length === 0 ? undefined : listed([...new Set(phrases)]);
}

const anything = "anything";

function phraseOf(schema: JsonSchema): string {
  if (schema.const !== undefined) return String(schema.const);
  if (schema.pattern === durationPattern.source) return "a duration such as 5s";
  if (schema.pattern === "^etcd-[1-9]$") return "a member's name such as etcd-1";
  const types = [schema.type ?? []].flat();
  return types.length === 0 ? anything : listed(types.map((type) => typePhrase(type, schema)));
}

function typePhrase(type: string, schema: JsonSchema): string {
  switch (type) {
    case "string": return "text";
    case "boolean": return "true or false";
    case "array": return "a list";
    case "object": return "a map";
    case "null": return "nothing";
    case "integer": return `a whole number${range(schema)}`;
    default: return `a number${range(schema)}`;
  }
}

/** Bounds that are only those of safe integers go without saying. */
function range({ minimum, maximum, exclusiveMinimum, exclusiveMaximum }: JsonSchema): string {
  const above = typeof exclusiveMinimum === "number" ? `above ${exclusiveMinimum}` : undefined;
  const below = typeof exclusiveMaximum === "number" ? `below ${exclusiveMaximum}` : undefined;
  const low = minimum !== undefined && minimum > Number.MIN_SAFE_INTEGER ? minimum : undefined;
  const high = maximum !== undefined && maximum < Number.MAX_SAFE_INTEGER ? maximum : undefined;
  if (low !== undefined && high !== undefined) return ` from ${low} to ${high}`;
  const bounds = [low === undefined ? above : `of at least ${low}`, high === undefined ? below : `of at most ${high}`].filter((bound) => bound !== undefined);
  return bounds.length === 0 ? "" : ` ${listed(bounds, "and")}`;
}
