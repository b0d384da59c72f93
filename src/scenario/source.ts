import type { Problem } from "./problem.ts";

/** A stretch of a text, as offsets; `end` is the first one after it. */
export interface Span {
  readonly start: number;
  readonly end: number;
}

/** The text of a scenario file, which knows the lines and columns of its offsets. */
export class Source {
  readonly text: string;
  readonly #lineStarts: readonly number[];

  constructor(text: string) {
    this.text = text;
    this.#lineStarts = [0, ...Array.from(text.matchAll(/\n/g), ({ index }) => index + 1)];
  }

  /** Counted from 1. */
  position(offset: number): { readonly line: number; readonly column: number } {
    let low = 0;
    let high = this.#lineStarts.length - 1;
    while (low < high) {
      const middle = Math.ceil((low + high) / 2);
      if ((this.#lineStarts[middle] ?? 0) <= offset) low = middle;
      else high = middle - 1;
    }
    return { line: low + 1, column: offset - (this.#lineStarts[low] ?? 0) + 1 };
  }

  problem(span: Span, message: string, hint?: string): Problem {
    const { line, column } = this.position(span.start);
    const end = this.position(span.end);
    return {
      line,
      column,
      ...(end.line === line && end.column > column ? { endColumn: end.column } : {}),
      message,
      ...(hint === undefined ? {} : { hint }),
    };
  }
}
