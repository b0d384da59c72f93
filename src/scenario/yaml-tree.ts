import { Composer, isAlias, isMap, isScalar, isSeq, Lexer, Parser, type CST, type Document, type Node } from "yaml";
import type { Problem } from "./problem.ts";
import type { Source, Span } from "./source.ts";
import { wordsOf } from "./yaml-words.ts";

/** A value of a YAML file as plain data, with the place where it stands, and the same for all it holds. */
export interface Place {
  /** Maps are objects without a prototype, so that `constructor` is a key like any other. */
  readonly value: unknown;
  readonly span: Span;
  /** Where its key stands, for a value in a map. */
  readonly keySpan: Span | undefined;
  /** By key in a map, by index in a list. */
  readonly children: ReadonlyMap<PropertyKey, Place>;
}

export type Path = readonly PropertyKey[];

export interface YamlTree {
  /** Absent where the file holds no value, or is no YAML at all. */
  readonly root?: Place;
  readonly problems: readonly Problem[];
}

export interface TreeOptions {
  /**
   * True for places where a number that would not print as it was written is to stay
   * text: YAML reads the version 3.10 as the number 3.1.
   */
  readonly keepsDigits: (path: Path) => boolean;
}

const nestingMax = 40;
/** Words, signs and spaces between them: more than all phases, faults and assertions that a scenario may have. */
const lexemesMax = 200_000;
const syntaxErrorsMax = 100;
/** Enough for any sane use of aliases, too little for a bomb. */
const valuesFromAliasesMax = 10_000;

/** Reads YAML 1.2 (core schema). Never throws: what is wrong is among the problems. */
export function readYamlTree(source: Source, options: TreeOptions): YamlTree {
  const { tokens, stopped } = tokensOf(source.text);
  if (stopped !== undefined) return { problems: [source.problem({ start: stopped.at, end: stopped.at + 1 }, stopped.because)] };
  const [document, second] = new Composer({ uniqueKeys: false }).compose(tokens, true, source.text.length);
  const problems = [...syntaxProblems(source, document), ...secondDocument(source, second)];
  if (document?.contents == null || problems.length > 0) return { problems };
  const builder = new TreeBuilder(source, options);
  const root = builder.place(document.contents, [], undefined);
  return { root, problems: builder.problems };
}

interface Tokens {
  readonly tokens: readonly CST.Token[];
  readonly stopped?: { readonly at: number; readonly because: string };
}

/**
 * Splits the text without recursion and stops where it is too much: composing recurses,
 * and must not be left to find the end of the stack or of the reader's patience.
 */
function tokensOf(text: string): Tokens {
  const parser = new Parser();
  const tokens: CST.Token[] = [];
  let errors = 0;
  let lexemes = 0;
  for (const lexeme of new Lexer().lex(text)) {
    lexemes += 1;
    for (const token of parser.next(lexeme)) {
      tokens.push(token);
      if (token.type === "error") errors += 1;
    }
    const at = parser.offset - 1;
    if (parser.stack.length > nestingMax) return { tokens, stopped: { at, because: `this is nested more than ${nestingMax} levels deep` } };
    if (lexemes > lexemesMax) return { tokens, stopped: { at, because: `the file is too long: more than ${lexemesMax} words and signs up to here` } };
    if (errors >= syntaxErrorsMax) return { tokens };
  }
  tokens.push(...parser.end());
  return { tokens };
}

function syntaxProblems(source: Source, document: Document.Parsed | undefined): Problem[] {
  if (document === undefined) return [];
  return [...document.errors, ...document.warnings].slice(0, syntaxErrorsMax).map((error) => {
    const { message, hint } = wordsOf(error);
    return source.problem({ start: error.pos[0], end: error.pos[1] }, message, hint);
  });
}

function secondDocument(source: Source, second: Document.Parsed | undefined): Problem[] {
  if (second === undefined) return [];
  const [start] = second.range;
  const hint = "A file holds one scenario: remove this line, or move what follows into a file of its own.";
  return [source.problem({ start, end: start }, "a second document begins here", hint)];
}

class TreeBuilder {
  readonly problems: Problem[] = [];
  readonly #source: Source;
  readonly #options: TreeOptions;
  readonly #anchors = new Map<string, Node>();
  /** Aliases that are being followed, outermost first. */
  readonly #following: Node[] = [];
  #valuesFromAliases = 0;

  constructor(source: Source, options: TreeOptions) {
    this.#source = source;
    this.#options = options;
  }

  place(node: Node | null, path: Path, keySpan: Span | undefined): Place {
    const span = spanOf(node) ?? keySpan ?? { start: 0, end: 0 };
    if (this.#following.length > 0) this.#valuesFromAliases += 1;
    if (isAlias(node)) return { ...this.#follow(node.source, span, path), span, keySpan };
    if (node?.anchor !== undefined) this.#anchors.set(node.anchor, node);
    if (isMap(node)) return this.#map(node.items, span, path, keySpan);
    if (isSeq(node)) {
      const children = new Map(node.items.map((item, index) => [index, this.place(asNode(item), [...path, index], undefined)]));
      return { value: [...children.values()].map((child) => child.value), span, keySpan, children };
    }
    const value = isScalar(node) ? scalarValue(node.value, node.source, this.#options.keepsDigits(path)) : null;
    // An empty value has no width: its key is what can be pointed at.
    const visible = span.end > span.start ? span : (keySpan ?? span);
    return { value, span: visible, keySpan, children: new Map() };
  }

  #map(items: readonly { readonly key: unknown; readonly value: unknown }[], span: Span, path: Path, keySpan: Span | undefined): Place {
    const children = new Map<string, Place>();
    const value: Record<string, unknown> = Object.create(null);
    for (const item of items) {
      const keyNode = asNode(item.key);
      const keyAt = spanOf(keyNode) ?? span;
      const key = keyText(keyNode);
      const first = key === undefined ? undefined : children.get(key);
      if (key === undefined || key === "__proto__") {
        this.#report(keyAt, "a key must be plain text");
      } else if (first !== undefined) {
        this.#report(keyAt, `the key "${clip(key)}" is here twice`, `The first one is on line ${this.#lineOf(first)}.`);
      } else {
        const child = this.place(asNode(item.value), [...path, key], keyAt);
        children.set(key, child);
        value[key] = child.value;
      }
    }
    return { value, span, keySpan, children };
  }

  #follow(anchor: string, span: Span, path: Path): Place {
    const nothing: Place = { value: null, span, keySpan: undefined, children: new Map() };
    const node = this.#anchors.get(anchor);
    if (node === undefined) {
      this.#report(span, `*${clip(anchor)} refers to no anchor before it`, "Put text that begins with * in quotes.");
      // Most likely text is meant: taking it for that keeps the next complaint useful.
      return { ...nothing, value: `*${anchor}` };
    }
    if (this.#following.includes(node) || contains(node, span)) {
      this.#report(span, `*${clip(anchor)} refers to what it is a part of`);
      return nothing;
    }
    if (this.#valuesFromAliases > valuesFromAliasesMax) {
      if (this.#valuesFromAliases !== Infinity) this.#report(span, `aliases stand for more than ${valuesFromAliasesMax} values`, "Write out what is meant.");
      this.#valuesFromAliases = Infinity;
      return nothing;
    }
    this.#following.push(node);
    const followed = this.place(node, path, undefined);
    this.#following.pop();
    return followed;
  }

  #lineOf(place: Place): number {
    return this.#source.position((place.keySpan ?? place.span).start).line;
  }

  #report(span: Span, message: string, hint?: string): void {
    this.problems.push(this.#source.problem(span, message, hint));
  }
}

/** Text from a file, short enough for a message. */
export function clip(text: string, lengthMax = 60): string {
  return text.length > lengthMax ? `${text.slice(0, lengthMax)}…` : text;
}

function scalarValue(value: unknown, written: string | undefined, keepsDigits: boolean): unknown {
  return keepsDigits && typeof value === "number" && written !== undefined && String(value) !== written ? written : value;
}

function keyText(node: Node | null): string | undefined {
  if (!isScalar(node) || node.value === null) return undefined;
  return typeof node.value === "string" ? node.value : (node.source ?? String(node.value));
}

function contains(node: Node, span: Span): boolean {
  const outer = spanOf(node);
  return outer !== undefined && outer.start <= span.start && span.end <= outer.end;
}

function spanOf(node: Node | null): Span | undefined {
  return node?.range ? { start: node.range[0], end: node.range[1] } : undefined;
}

/** The parser makes nothing but nodes and null; its types allow more. */
function asNode(thing: unknown): Node | null {
  return isAlias(thing) || isMap(thing) || isSeq(thing) || isScalar(thing) ? thing : null;
}

/** The first place at or below one that holds a value; undefined where none does. */
export function holderOf(place: Place, value: string): Place | undefined {
  if (place.value === value) return place;
  for (const child of place.children.values()) {
    const found = holderOf(child, value);
    if (found !== undefined) return found;
  }
  return undefined;
}
