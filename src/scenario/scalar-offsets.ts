import type { Span } from "./source.ts";

/**
 * Where the characters of a text stand in the file: `written` is the scalar as YAML has it (plain, in
 * quotes, or a block), `value` what it says. One offset for each character, and one for the end;
 * undefined where the text stands elsewhere, as an alias's does.
 */
export function scalarOffsets(written: string, value: string): readonly number[] | undefined {
  const style = styleOf(written);
  const offsets: number[] = [];
  let at = style.begin;
  for (const character of value.split("")) {
    const step = nextCharacter(written, at, character, style);
    if (step === undefined) return undefined;
    offsets.push(step.at);
    at = step.after;
  }
  return [...offsets, at];
}

/** The span in the file of a stretch of the text of a scalar, whose own span is given. */
export function spanWithin(written: string, scalar: Span, value: string, { start, end }: Span): Span {
  const offsets = scalarOffsets(written, value);
  const [from, last] = [offsets?.[start], offsets?.[end - 1]];
  if (offsets === undefined || from === undefined) return scalar;
  // The end of a stretch is after its last character, not before the next one: line breaks may lie between.
  return { start: scalar.start + from, end: scalar.start + (end > start && last !== undefined ? last + 1 : from) };
}

interface Style {
  readonly quote: "'" | '"' | undefined;
  /** Where the text itself begins. */
  readonly begin: number;
}

function styleOf(written: string): Style {
  const [first] = written;
  if (first === "'" || first === '"') return { quote: first, begin: 1 };
  if (first === "|" || first === ">") return { quote: undefined, begin: written.indexOf("\n") + 1 };
  return { quote: undefined, begin: 0 };
}

interface Step {
  readonly at: number;
  readonly after: number;
}

/** White space may be folded, so that it stands for any of the file; everything else is there as it is, or escaped. */
function nextCharacter(written: string, from: number, character: string, { quote }: Style): Step | undefined {
  if (/\s/.test(character)) return whiteSpace(written, from, quote);
  const at = skipped(written, from, quote);
  if (quote === "'" && written.startsWith("''", at)) return character === "'" ? { at, after: at + 2 } : undefined;
  if (quote === '"' && written[at] === "\\") return { at, after: at + escapeLength(written, at) };
  return written[at] === character ? { at, after: at + 1 } : undefined;
}

function whiteSpace(written: string, from: number, quote: Style["quote"]): Step {
  if (quote === '"' && isSpaceEscape(written, from)) return { at: from, after: from + escapeLength(written, from) };
  const isThere = /\s/.test(written[from] ?? "");
  return { at: from, after: isThere ? from + 1 : from };
}

function skipped(written: string, from: number, quote: Style["quote"]): number {
  let at = from;
  for (;;) {
    if (/\s/.test(written[at] ?? "")) at += 1;
    else if (quote === '"' && isSpaceEscape(written, at)) at += escapeLength(written, at);
    else return at;
  }
}

const hexLengths: Readonly<Record<string, number>> = { x: 2, u: 4, U: 8 };

/** Escapes in double quotes: `\t`, `\u0009`; one before a line's end joins it with the next. */
function escapeLength(written: string, at: number): number {
  return 2 + (hexLengths[written[at + 1] ?? ""] ?? 0);
}

function isSpaceEscape(written: string, at: number): boolean {
  if (written[at] !== "\\") return false;
  const kind = written[at + 1] ?? "";
  const hex = hexLengths[kind];
  if (hex === undefined) return /[\stnrvf_LP]/.test(kind);
  return /\s/.test(String.fromCharCode(parseInt(written.slice(at + 2, at + 2 + hex), 16)));
}
