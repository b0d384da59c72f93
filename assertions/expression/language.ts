import type { AssertionLanguage } from "../assertion.ts";
import { ExpressionError } from "./error.ts";
import { examples } from "./examples.ts";
import { assertionOf, readExpression } from "./expression.ts";
import { mentionsOf } from "./mentions.ts";

/** Assertions as one line of text, such as `p99(put) < 100ms during baseline`. */
export const expressions: AssertionLanguage = {
  summary: "An assertion as one line of text, such as p99(put) < 100ms during baseline; docs/scenarios.md has all forms.",
  examples,
  read(text) {
    try {
      const read = readExpression(text);
      return { assertion: assertionOf(text, read), mentions: mentionsOf(read.written) };
    } catch (error) {
      if (!(error instanceof ExpressionError)) throw error;
      return { problem: { ...error.span, ...error.advice, message: error.message } };
    }
  },
};
