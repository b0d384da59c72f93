import { z } from "zod";
import { durationOption } from "../units/duration-option.ts";
import type { Catalogue } from "./catalogue.ts";
import { clusterSchema } from "./cluster-schema.ts";
import { reportSchema } from "./report-schema.ts";
import { expectKey, expectSchema } from "./expect-schema.ts";
import { listed } from "./suggest.ts";
import { telemetrySchema } from "./telemetry-schema.ts";
import { watchSchema } from "./watch-schema.ts";
import { workloadShape } from "./workload-schema.ts";

/** The name that assertions use for the timeline as a whole. */
export const wholeRun = "run";

export const phaseNameSchema = z
  .string()
  .regex(/^[a-z][a-z0-9-]{0,39}$/, { error: "must be lower-case letters, digits and dashes, beginning with a letter, at most 40 of them" })
  .refine((name) => name !== wholeRun, { error: `cannot be "${wholeRun}": assertions use it for the whole timeline` })
  .meta({ not: { const: wholeRun }, description: "The phase's name, unique in the file; assertions refer to it." });

export const phaseDurationSchema = positive(durationOption("How long the phase lasts, such as 500ms, 8s or 1m30s."));

/** When a fault acts within its phase. */
export const timingShape = {
  at: durationOption("Inject it so long after the phase's start, such as 1s. Default 0s.").optional(),
  for: positive(durationOption("Heal it after so long, such as 3s. Default: at the end of the phase.")).optional(),
  until: phaseNameSchema.optional().meta({ description: "Keep it up to the start of this later phase, instead of the end of its own." }),
  every: positive(durationOption("Inject it again and again, so long after the last time; `for` says how long it stays each time.")).optional(),
  follow: z.literal("leader").optional().meta({ description: "Moves on to the new leader whenever the leader changes; for faults with `target: leader`." }),
};

/** What ends a run once it has been so for long. */
export const abortShape = {
  "no-leader-for": positive(durationOption("No member has led for so long, such as 60s.")).optional(),
  "nothing-acknowledged-for": positive(durationOption("No operation of the load was acknowledged for so long, such as 60s.")).optional(),
};

/** The key under which assertions stand of which none is to be violated while the run goes on. */
export const violatedKey = "violated";

/** When there is no use in going on: what a scenario may hold under `abort-if`. */
export function abortPart(catalogue: Pick<Catalogue, "assertions" | "expressions">): Kind {
  const names = [...Object.keys(abortShape), violatedKey];
  const options = z
    .strictObject({
      ...abortShape,
      [violatedKey]: z
        .array(assertionItem(catalogue))
        .min(1)
        .max(50)
        .optional()
        .meta({ description: "Assertions, each as under `assertions`: one is violated by what was recorded so far, whatever may still come." }),
    })
    .refine((given) => names.some((name) => Object.hasOwn(given, name)), { error: `needs at least one of ${names.join(", ")}`, when: isSpeltRight });
  return { kind: "abort-if", summary: "Ends the run early: faults are healed, and what there is is judged. It is inconclusive then, or failed.", options };
}

/** The hypothesis of an experiment: what a scenario may hold under `steady-state`. */
export function steadyStatePart(catalogue: Pick<Catalogue, "assertions" | "expressions">): Kind {
  const options = z.strictObject({
    assertions: z
      .array(assertionItem(catalogue))
      .min(1)
      .max(50)
      .meta({ description: "Assertions, each as under `assertions`, without a part of the run of their own." }),
    settle: settleSchema.optional(),
  });
  return { kind: "steady-state", summary: "What is usual: it has to hold before the first fault, or the run is inconclusive, and again once the last one has healed.", options };
}

export const settleSchema = durationOption("So long after the last fault has healed it need not hold yet, such as 5s. Default 0s.");

/** What clients do: what a scenario may hold under `workload`. */
function workloadPart(workloads: readonly Kind[]): Kind {
  const options = kindsOf("workload", workloads, workloadShape, { some: true });
  return { kind: "workload", summary: "The load that clients put on the cluster: one kind of workload or several side by side; none when absent.", options };
}

/** What may stand beside the kinds of workload, as a kind of its own for those who want to read of it. */
export function besideWorkloads(workloads: readonly Kind[]): Kind {
  const summary = `Beside the kinds of workload, of which one or several stand there: ${listed(workloads.map(({ kind }) => kind))}.`;
  return { kind: "workload", summary, options: z.strictObject(workloadShape) };
}

/** Watchers, which stand beside the kinds of workload, as a kind of their own in the same way. */
export const watchers: Kind = { kind: "watch", summary: "Watchers beside the workloads: they are told changes and record them, for the assertion of that name.", options: watchSchema };

/** Beside each of several faults of which one is drawn. */
export const weightSchema = z.number().positive().max(1000).meta({ description: "How often it is drawn, in proportion to the others. Default 1." });

/** What a scenario is about, so that a nightly can choose by it. */
export const tagsSchema = z
  .array(z.string().regex(/^[a-z0-9][a-z0-9-]*$/, { error: "must be lower-case letters, digits and hyphens" }).max(40))
  .max(20)
  .meta({ description: "Words by which `nightly --tag` chooses scenarios: smoke, disk." });

/** The key under which several faults stand of which the seed draws one. */
export const oneOfKey = "one-of";

/** The key under which an assertion that is one line of text stands where it has a title. */
export const textKey = "expect";

const titleShape = {
  title: z.string().min(1).optional().meta({ description: "What the table of results calls it, instead of its own words." }),
};

interface Kind {
  readonly kind: string;
  readonly summary: string;
  readonly options: z.ZodType;
}

/**
 * The structure of a scenario file. One schema serves the parser, its messages and the
 * JSON Schema of editors; what depends on several places at once is in `checks.ts`.
 */
export function documentSchema(catalogue: Catalogue): z.ZodType {
  const { faults, workloads } = catalogue;
  const phase = z.strictObject({
    phase: phaseNameSchema,
    duration: phaseDurationSchema,
    faults: z
      .array(oneOfKinds("fault", [...faults, drawn(faults)], timingShape, { dependencies: { every: ["for"] } }))
      .max(50)
      .optional()
      .meta({ description: "Faults in force during the phase; they are healed at its end at the latest." }),
  });
  const abort = abortPart(catalogue);
  const steady = steadyStatePart(catalogue);
  const load = workloadPart(workloads);
  return z.strictObject({
    description: z.string().regex(/\S/, { error: "must not be blank" }).meta({ description: "What happens and what is expected, in a sentence or two." }),
    tags: tagsSchema.optional(),
    cluster: clusterSchema.optional().meta({ description: "The cluster under test. Default: three members of etcd 3.5." }),
    [load.kind]: load.options.optional().meta({ description: load.summary }),
    telemetry: telemetrySchema.optional().meta({ description: "How others tell of the run by OpenTelemetry, for the assertions spans and otel-logs. Default: nobody is listened to." }),
    timeline: z.array(phase).min(1).max(100).meta({ description: "The phases, one after the other." }),
    [steady.kind]: steady.options.optional().meta({ description: steady.summary }),
    [abort.kind]: abort.options.meta({ minProperties: 1, description: abort.summary }).optional(),
    report: reportSchema.optional().meta({ description: "What the report is to draw beside the usual." }),
    assertions: z
      .array(assertionItem(catalogue))
      .min(1)
      .max(500)
      .meta({ description: "What must be true of the recording. At least one." }),
    [expectKey]: expectSchema.optional().meta({ description: `What a bug that is known violates: then the run passes where that is violated and nothing else, on the versions that have the bug. An assertion as one line of text is an item under assertions: "- ${textKey}: …".` }),
  });
}

/** An assertion as a kind with its options, or as one line of text. */
function assertionItem({ assertions, expressions }: Pick<Catalogue, "assertions" | "expressions">): z.ZodType {
  const text: Kind = { kind: textKey, summary: `${expressions.summary} Written so it can have a title beside it. What a bug that is known violates is told under ${expectKey} at the top level of the file.`, options: z.string() };
  return z.union([oneOfKinds("assertion", [...assertions, text], titleShape), z.string().meta({ description: expressions.summary })]);
}

function drawn(faults: readonly Kind[]): Kind {
  const choices = z.array(oneOfKinds("fault", faults, { weight: weightSchema.optional() })).min(2).max(50);
  return { kind: oneOfKey, summary: "Several faults, of which the run's seed draws one each time.", options: choices };
}

function positive<Schema extends z.ZodType<number>>(duration: Schema): Schema {
  return duration.refine((ms) => ms > 0, { error: "must be longer than zero" });
}

/** A map with the options of exactly one kind under the kind's name, and what may stand beside it. */
function oneOfKinds(noun: string, kinds: readonly Kind[], beside: Record<string, z.ZodType>, forEditors: object = {}): z.ZodType {
  return kindsOf(noun, kinds, beside, { some: false, forEditors });
}

/** The same with the options of exactly one kind, or of some. */
function kindsOf(noun: string, kinds: readonly Kind[], beside: Record<string, z.ZodType>, { some, forEditors = {} }: { readonly some: boolean; readonly forEditors?: object }): z.ZodType {
  const names = kinds.map(({ kind }) => kind);
  const shape = Object.fromEntries(kinds.map(({ kind, summary, options }) => [kind, options.meta({ description: summary }).optional()]));
  const isRight = (value: unknown): boolean => (some ? kindsIn(value, names).length > 0 : kindsIn(value, names).length === 1);
  const required = names.map((name) => ({ required: [name] }));
  return z
    .strictObject({ ...shape, ...beside })
    .refine(isRight, {
      error: `${some ? "at least" : "exactly"} one ${noun} belongs here`,
      params: { kinds: names },
      when: isSpeltRight,
    })
    .meta({ ...forEditors, ...(some ? { anyOf: required } : { oneOf: required }), description: `One ${noun}${some ? " or several" : ""} with its options: ${listed(names)}.` });
}

/** A misspelt key is one problem, not two: that what it was meant to be is missing is not told beside it. */
function isSpeltRight({ value, issues }: z.core.ParsePayload): boolean {
  return isMap(value) && !issues.some(({ code }) => code === "unrecognized_keys");
}

/** Which of the kinds a map has keys for, in the order of the map. */
export function kindsIn(value: unknown, kinds: readonly string[]): string[] {
  return isMap(value) ? Object.keys(value).filter((key) => kinds.includes(key)) : [];
}

export function isMap(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
