import { z } from "zod";
import type { Catalogue } from "./catalogue.ts";
import { documentSchema, isMap, kindsIn } from "./document-schema.ts";
import { type JsonSchema, scenarioJsonSchema } from "./json-schema.ts";
import type { Problem } from "./problem.ts";
import { hintFor, label, lengthTrouble, noun, sentence, shown } from "./issue-words.ts";
import { choicesOf, expectation, isDuration, keysOf, schemasAt } from "./schema-lookup.ts";
import { spanWithin } from "./scalar-offsets.ts";
import type { Source, Span } from "./source.ts";
import { suggestion } from "./suggest.ts";
import { clip, type Path, type Place } from "./yaml-tree.ts";

type Issue = z.core.$ZodIssue;

/** What of the document does not fit the schema, in the reader's words and at its position. */
export function structureProblems(root: Place, catalogue: Catalogue, source: Source): Problem[] {
  // Schemas that bring words of their own keep them; all others are silent, and worded here.
  const checked = documentOf(catalogue).safeParse(root.value, { error: () => "" });
  if (checked.success) return [];
  const worder = new IssueWorder(root, jsonOf(catalogue), source);
  const problems = checked.error.issues.flatMap((issue) => worder.problems(issue));
  // Two rules broken by one value come out as the same sentence.
  const bySentence = new Map(problems.map((problem) => [`${problem.line}:${problem.column}:${problem.message}`, problem]));
  return [...bySentence.values()];
}

const documentOf = madeOnce(documentSchema);
const jsonOf = madeOnce(scenarioJsonSchema);

/** Once for each catalogue, and only when asked for: making a schema takes longer than checking a document. */
function madeOnce<Schema>(make: (catalogue: Catalogue) => Schema): (catalogue: Catalogue) => Schema {
  const made = new WeakMap<Catalogue, Schema>();
  return (catalogue) => {
    const schema = made.get(catalogue) ?? make(catalogue);
    made.set(catalogue, schema);
    return schema;
  };
}

const withinSchema = z.object({ start: z.number(), end: z.number() });

class IssueWorder {
  readonly #root: Place;
  readonly #schema: JsonSchema;
  readonly #source: Source;

  constructor(root: Place, schema: JsonSchema, source: Source) {
    this.#root = root;
    this.#schema = schema;
    this.#source = source;
  }

  problems(issue: Issue): Problem[] {
    const { place, parent, missing } = find(this.#root, issue.path);
    if (issue.code === "custom" && issue.message !== "") return [this.#ownRule(issue, place ?? parent)];
    if (place === undefined) return [this.#missing(issue.path, parent, missing)];
    switch (issue.code) {
      case "unrecognized_keys":
        return issue.keys.map((key) => this.#unknownKey(issue.path, place, key));
      case "invalid_key":
        return [this.#problem(place.keySpan ?? place.span, sentence(label(issue.path), issue.issues[0]?.message ?? "is not possible here"))];
      case "invalid_union": {
        const branch = nearestBranch(issue, place.value);
        if (branch === undefined) return [this.#mismatch(issue, place)];
        return branch.flatMap((inner) => this.problems({ ...inner, path: [...issue.path, ...inner.path] }));
      }
      default:
        return [this.#mismatch(issue, place)];
    }
  }

  #ownRule(issue: z.core.$ZodIssueCustom, place: Place): Problem {
    const kinds: unknown = issue.params?.kinds;
    if (Array.isArray(kinds)) return this.#notOneKind(issue, kinds.map(String), place);
    const hint: unknown = issue.params?.hint;
    return this.#problem(this.#spanOf(issue, place), sentence(label(issue.path), issue.message), typeof hint === "string" ? hint : undefined);
  }

  /** Where a rule knows which stretch of a text is wrong, the place of that. */
  #spanOf({ params }: z.core.$ZodIssueCustom, { span, value }: Place): Span {
    const within = withinSchema.safeParse(params?.within).data;
    return within === undefined ? span : spanWithin(this.#source.text.slice(span.start, span.end), span, String(value), within);
  }

  #notOneKind({ message, path }: Issue, kinds: readonly string[], place: Place): Problem {
    const [first, second] = kindsIn(place.value, kinds);
    if (first === undefined || second === undefined) return this.#problem(place.span, `${message}, and there is none`, `Possible here: ${kinds.join(", ")}.`);
    const span = place.children.get(second)?.keySpan ?? place.span;
    const isItem = typeof path.at(-1) === "number";
    return this.#problem(span, `${message}, but "${second}" stands beside "${first}"`, isItem ? `Begin an item of its own with "- ${second}:".` : undefined);
  }

  #missing(path: Path, parent: Place, missing: PropertyKey): Problem {
    const schemas = schemasAt(this.#schema, path);
    const about = this.#about(path) ?? expectation(schemas);
    return this.#problem(parent.keySpan ?? start(parent.span), `"${String(missing)}" is missing`, about && `${String(missing)}: ${about}`);
  }

  #unknownKey(path: Path, place: Place, key: string): Problem {
    const span = place.children.get(key)?.keySpan ?? place.span;
    const known = keysOf(schemasAt(this.#schema, path));
    const [before = "", after = ""] = key.split(":");
    const above = known.find((name) => place.children.get(name)?.value === null && keysOf(schemasAt(this.#schema, [...path, name])).includes(key));
    const hint =
      noun(path) === "assertion" && key.includes("(") ? 'One line of text that holds ": " has to be in quotes.'
      : after !== "" && known.includes(before) ? `A space must follow the colon: ${before}: ${after}`
      : above !== undefined ? `Indent "${key}" further, so that it stands below "${above}".`
      : suggestion(key, known, `Possible here: ${known.join(", ")}.`);
    return this.#problem(span, `unknown ${noun(path)} "${clip(key)}"`, hint);
  }

  #mismatch(issue: Issue, place: Place): Problem {
    const schemas = schemasAt(this.#schema, issue.path);
    const name = label(issue.path);
    // Of alternatives, the one with a pattern speaks for itself alone.
    const partial = isDuration(schemas) || (issue.code === "invalid_format" && choicesOf(schemas).length > 0);
    if (issue.message !== "" && !partial) return this.#problem(place.span, sentence(name, issue.message), hintFor(place.value, schemas));
    const length = lengthTrouble(issue);
    if (length !== undefined) return this.#problem(place.span, `${name} must have ${length}`, this.#about(issue.path));
    if (place.value === null && schemas.some(({ type }) => type === "object")) return this.#emptyMap(name, place, schemas);
    const expected = expectation(schemas);
    const message = expected === undefined ? `${name} cannot be ${shown(place.value)}` : `${name} must be ${expected}, not ${shown(place.value)}`;
    // Where all choices are in the message, a description would only repeat them.
    const about = choicesOf(schemas).length === 0 ? this.#about(issue.path) : undefined;
    return this.#problem(place.span, message, hintFor(place.value, schemas) ?? about);
  }

  #emptyMap(name: string, place: Place, schemas: readonly JsonSchema[]): Problem {
    const required = schemas.flatMap((schema) => schema.required ?? []);
    const hint = required.length === 0 ? `Write {} after it to leave everything at its default.` : `Needed: ${required.join(", ")}.`;
    return this.#problem(place.span, `${name} has nothing in it`, hint);
  }

  #about(path: Path): string | undefined {
    return schemasAt(this.#schema, path).map(({ description }) => description).find((text) => text !== undefined);
  }

  #problem(span: Span, message: string, hint?: string): Problem {
    return this.#source.problem(span, message, hint);
  }
}

interface Found {
  readonly place: Place | undefined;
  /** The innermost place on the way that exists, without the last one. */
  readonly parent: Place;
  /** The first key that is not there. */
  readonly missing: PropertyKey;
}

function find(root: Place, path: Path): Found {
  let parent = root;
  let place: Place | undefined = root;
  let missing: PropertyKey = "";
  for (const key of path) {
    if (place === undefined) break;
    parent = place;
    place = place.children.get(key);
    missing = key;
  }
  return { place, parent, missing };
}

/** The alternative that a map or list was meant to be: the one that it misses by least, in its inner parts alone. */
function nearestBranch(issue: z.core.$ZodIssueInvalidUnion, value: unknown): readonly Issue[] | undefined {
  if (!isMap(value) && !Array.isArray(value)) return undefined;
  return issue.errors
    .filter((branch) => branch.length > 0 && branch.every(({ path, code }) => path.length > 0 || code === "unrecognized_keys" || code === "custom"))
    .sort((a, b) => a.length - b.length)[0];
}

function start(span: Span): Span {
  return { start: span.start, end: span.start };
}
