import { z } from "zod";
import type { Recording } from "../src/recording/recording.ts";
import { Shared } from "./shared.ts";
import { unlessBusy } from "./unhurried.ts";
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
  /** It is about what others tell by OpenTelemetry, so that the scenario has to say who is listened to. */
  readonly needsTelemetry?: true;
  /** Names of what can be broken of it, where these are known: a scenario may expect one of them to be. */
  readonly rules?: readonly string[];
  /** The options as one line of English for the table: `leader changes during isolated`. */
  title(options: z.output<Schema>): string;
  /** Names of phases that the options refer to, so that the parser can check them. */
  phases(options: z.output<Schema>): readonly string[];
  /** Names of metrics that it measures, of a quantile the histogram's with `_bucket`, so that the parser can see whether etcd has them. */
  metrics?(options: z.output<Schema>): readonly string[];
  /** Kinds of operations of clients that it judges, or `any`, so that the parser can see whether somebody sends them. */
  operations?(options: z.output<Schema>): readonly string[];
  /** Options that are about something which a load may lack, so that the parser can see whether it is there. */
  needs?(options: z.output<Schema>): readonly LoadNeed[];
  /** Whether it is about the part of the run that its options name, and the whole timeline where they name none, as `windowShape` has it. */
  readonly isWindowed?: boolean;
  /** Whether it is only about how long something took: then it cannot fail for what a machine that was too busy explains. */
  isTimeBound?(options: z.output<Schema>): boolean;
  /** The PromQL query that a Prometheus has to be asked for it while the run goes on. */
  promql?(options: z.output<Schema>): string;
  judge(recording: Recording, options: z.output<Schema>, shared: Shared): Verdict;
}

/** What an option judges, where not every load has it. */
export interface LoadNeed {
  readonly option: string;
  readonly of: "watchers" | "serializable reads";
}

/** An assertion with its options: what a scenario holds. */
export interface Assertion {
  readonly kind: string;
  readonly title: string;
  readonly phases: readonly string[];
  readonly metrics?: readonly string[];
  readonly operations?: readonly string[];
  readonly needs?: readonly LoadNeed[];
  readonly needsTelemetry?: true;
  /** Whether it is about a part of the run, and not about all that was recorded. */
  readonly isWindowed?: boolean;
  /** Where it stands in its scenario file, counted from 1; absent where it was not read from one. */
  readonly line?: number;
  /** What a Prometheus has to be asked for it; absent where it needs none. */
  readonly promql?: string;
  /** @param shared what the assertions on one recording have in common; without it everything is worked out anew */
  judge(recording: Recording, shared?: Shared): Verdict;
}

/** An assertion kind whose option type is sealed inside, so that a table can hold all kinds. */
export interface AssertionKind {
  readonly kind: string;
  readonly summary: string;
  readonly options: z.ZodType;
  readonly rules: readonly string[];
  /** Throws a ZodError when the options do not fit. */
  bind(options: unknown): Assertion;
}

/** A name in an assertion that is one line of text, as offsets in it. */
export interface Mention {
  readonly name: string;
  readonly start: number;
  readonly end: number;
}

/** A part of the run that such a text is about, so that the parser can see whether there is such a part. */
export interface MentionedStretch {
  /** Names of phases, or `run`. */
  readonly first: string;
  readonly last: string;
  /** Only up to the beginning of this phase. */
  readonly before?: string;
  /** So much of it is skipped, and no more than so much follows. */
  readonly afterMs?: number;
  readonly withinMs?: number;
  /** Something is to hold for so long in it. */
  readonly forMs?: number;
  readonly start: number;
  readonly end: number;
}

export interface Mentions {
  readonly phases: readonly Mention[];
  readonly members: readonly Mention[];
  readonly stretches: readonly MentionedStretch[];
  /** Names of metrics; of a quantile the histogram's with `_bucket`. */
  readonly metrics: readonly Mention[];
  /** Kinds of operations of clients, or `any`. */
  readonly operations: readonly Mention[];
}

/** What is wrong with a text, and where in it; `word` may be misspelt for one of the candidates. */
export interface TextProblem {
  readonly start: number;
  readonly end: number;
  readonly message: string;
  readonly hint?: string | undefined;
  readonly word?: string | undefined;
  readonly candidates?: readonly string[] | undefined;
}

export type ReadAssertion = { readonly assertion: Assertion; readonly mentions: Mentions } | { readonly problem: TextProblem };

/** How assertions are written as one line of text. */
export interface AssertionLanguage {
  /** One sentence for the schema and the docs. */
  readonly summary: string;
  /** Texts with what they ask for. */
  readonly examples: readonly (readonly [text: string, meaning: string])[];
  /** Never throws: what is wrong with the text is told. */
  read(text: string): ReadAssertion;
}

export function defineAssertion<Schema extends z.ZodType>(definition: AssertionDefinition<Schema>): AssertionKind {
  return {
    kind: definition.kind,
    summary: definition.summary,
    options: definition.options,
    rules: definition.rules ?? [],
    bind(raw) {
      const options = definition.options.parse(raw);
      return {
        kind: definition.kind,
        title: definition.title(options),
        phases: definition.phases(options),
        metrics: definition.metrics?.(options) ?? [],
        operations: definition.operations?.(options) ?? [],
        needs: definition.needs?.(options) ?? [],
        ...(definition.needsTelemetry === undefined ? {} : { needsTelemetry: true }),
        isWindowed: definition.isWindowed ?? false,
        judge(recording, shared = new Shared()) {
          const verdict = definition.judge(recording, options, shared);
          return definition.isTimeBound?.(options) === true ? unlessBusy(recording, verdict, (unhurried, waits) => definition.judge(unhurried, options, new Shared(waits))) : verdict;
        },
        ...(definition.promql === undefined ? {} : { promql: definition.promql(options) }),
      };
    },
  };
}
