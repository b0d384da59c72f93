import { z } from "zod";
import type { Recording } from "../src/recording/recording.ts";
import { Shared } from "./shared.ts";
import type { Verdict } from "./verdict.ts";

/**
 * A kind of assertion: one file, one object, one line in `assertions/index.ts`.
 * `judge` is pure: (recording, options) → verdict.
 */
export interface AssertionDefinition<Schema extends z.ZodType> {
  /** Its key in a scenario file, and the name that people use. */
  readonly kind: string;
  /** One sentence for `list`, the schema and the docs. */
  readonly summary: string;
  readonly options: Schema;
  /** The options as one line of English for the table: `leader changes during isolated`. */
  title(options: z.output<Schema>): string;
  /** Names of phases that the options refer to, so that the parser can check them. */
  phases(options: z.output<Schema>): readonly string[];
  judge(recording: Recording, options: z.output<Schema>, shared: Shared): Verdict;
}

/** An assertion with its options: what a scenario holds. */
export interface Assertion {
  readonly kind: string;
  readonly title: string;
  readonly phases: readonly string[];
  /** @param shared what the assertions on one recording have in common; without it everything is worked out anew */
  judge(recording: Recording, shared?: Shared): Verdict;
}

/** An assertion kind whose option type is sealed inside, so that a table can hold all kinds. */
export interface AssertionKind {
  readonly kind: string;
  readonly summary: string;
  readonly options: z.ZodType;
  /** Throws a ZodError when the options do not fit. */
  bind(options: unknown): Assertion;
}

export function defineAssertion<Schema extends z.ZodType>(definition: AssertionDefinition<Schema>): AssertionKind {
  return {
    kind: definition.kind,
    summary: definition.summary,
    options: definition.options,
    bind(raw) {
      const options = definition.options.parse(raw);
      return {
        kind: definition.kind,
        title: definition.title(options),
        phases: definition.phases(options),
        judge: (recording, shared = new Shared()) => definition.judge(recording, options, shared),
      };
    },
  };
}
