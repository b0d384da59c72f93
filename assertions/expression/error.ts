import type { Span } from "./syntax.ts";

/** Beside what is wrong: what to do about it. */
export interface Advice {
  /** As a sentence. */
  readonly hint?: string | undefined;
  /** A word that may be misspelt, and what there is. */
  readonly word?: string | undefined;
  readonly candidates?: readonly string[] | undefined;
}

/** What is wrong with an expression, and where in its text. All that scanner, parser and checks throw. */
export class ExpressionError extends Error {
  override readonly name = "ExpressionError";
  readonly span: Span;
  readonly advice: Advice;

  /** The message is a clause without a full stop: `unknown function "incraese"`. */
  constructor({ start, end }: Span, message: string, advice: Advice = {}) {
    super(message);
    this.span = { start, end };
    this.advice = advice;
  }
}
