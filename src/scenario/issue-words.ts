import type { z } from "zod";
import { isMap, violatedKey } from "./document-schema.ts";
import type { JsonSchema } from "./json-schema.ts";
import { choicesOf, isDuration } from "./schema-lookup.ts";
import { suggestion } from "./suggest.ts";
import { clip, type Path } from "./yaml-tree.ts";

export function lengthTrouble(issue: z.core.$ZodIssue): string | undefined {
  const counted = { array: "item", string: "character", map: "key", set: "item" } as const;
  if (issue.code !== "too_small" && issue.code !== "too_big") return undefined;
  const unit = Object.entries(counted).find(([origin]) => origin === issue.origin)?.[1];
  if (unit === undefined) return undefined;
  const [bound, limit] = issue.code === "too_small" ? ["at least", issue.minimum] : ["at most", issue.maximum];
  return `${bound} ${limit} ${unit}${Number(limit) === 1 ? "" : "s"}`;
}

export function hintFor(value: unknown, schemas: readonly JsonSchema[]): string | undefined {
  const types = schemas.flatMap(({ type }) => type ?? []);
  if (isDuration(schemas)) return durationHint(value);
  if (typeof value === "string") {
    if (types.includes("boolean") && /^(?:yes|no|on|off)$/i.test(value)) return "YAML reads yes, no, on and off as text.";
    if (types.includes("array") && value.startsWith("-")) return "A space must follow the dash of a list's item.";
    if (!types.includes("string") && /^-?\d+(?:\.\d+)?$/.test(value)) return "Remove the quotes.";
    return suggestion(value, choicesOf(schemas));
  }
  if ((typeof value === "number" || typeof value === "boolean") && types.includes("string") && choicesOf(schemas).length === 0) return `Put it in quotes: "${value}".`;
  return undefined;
}

function durationHint(value: unknown): string {
  if (typeof value === "number" && value > 0) return `Did you mean ${value}s or ${value}ms?`;
  if ((typeof value === "number" && value < 0) || (typeof value === "string" && value.startsWith("-"))) return "A duration is never negative.";
  return "A duration is a number and a unit, without a space: 250ms, 5s, 1m30s, 2h.";
}

export function shown(value: unknown): string {
  if (value === null) return "empty";
  if (Array.isArray(value)) return "a list";
  if (typeof value === "string") return `"${clip(value)}"`;
  return isMap(value) ? "a map" : `the ${typeof value === "number" ? "number " : "value "}${String(value)}`;
}

/** What a path leads to, as the reader calls it. */
export function label(path: Path): string {
  const last = path.at(-1);
  if (last === undefined) return "a scenario";
  return typeof last === "number" ? `item ${last + 1} of "${String(path.at(-2) ?? "the file")}"` : `"${clip(String(last))}"`;
}

/** Schemas word their rules as a predicate (`must be …`) or as a clause of its own. */
export function sentence(name: string, rule: string): string {
  const short = clip(rule, 200);
  return /^(?:must|is|cannot|does|has) /.test(short) ? `${name} ${short}` : `${name}: ${short}`;
}

export function noun(path: Path): string {
  if (path.length === 4 && path[2] === "faults") return "fault";
  if ((path.length === 2 && path[0] === "assertions") || (path.length === 3 && path[1] === violatedKey)) return "assertion";
  return path.length === 1 && path[0] === "workload" ? "workload" : "key";
}
