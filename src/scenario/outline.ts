import type { z } from "zod";
import type { Assertion, ReadAssertion } from "../../assertions/assertion.ts";
import type { ExpectedViolation } from "../../assertions/expectation.ts";
import type { ClusterSpec } from "../cluster/cluster.ts";
import type { Fault } from "../faults/fault.ts";
import type { Catalogue } from "./catalogue.ts";
import { clusterSchema } from "./cluster-schema.ts";
import { abortShape, kindsIn, oneOfKey, phaseDurationSchema, phaseNameSchema, settleSchema, tagsSchema, textKey, timingShape, violatedKey, weightSchema } from "./document-schema.ts";
import { drawnMetrics, type DrawnMetric } from "./report-schema.ts";
import { expectedViolation, expectKey, expectSchema } from "./expect-schema.ts";
import { loadOf, type OutlineLoad } from "./workload-outline.ts";
import { telemetrySchema } from "./telemetry-schema.ts";
import type { Place } from "./yaml-tree.ts";

/**
 * What of a document is sound, each part with its place, so that parts can be checked
 * against each other even where others are wrong. Parts that do not fit the schema are
 * left out: the structure's problems tell of them.
 */
export interface Outline {
  readonly root: Place;
  readonly description: string | undefined;
  readonly tags: readonly string[];
  readonly cluster: z.output<typeof clusterSchema> | undefined;
  /** Known even where another part of the cluster is wrong. */
  readonly memberCount: ClusterSpec["memberCount"] | undefined;
  readonly load: OutlineLoad | undefined;
  readonly telemetry: z.output<typeof telemetrySchema> | undefined;
  readonly phases: readonly OutlinePhase[];
  readonly abortIf: OutlineAbort | undefined;
  readonly steadyState: OutlineSteadyState | undefined;
  readonly metrics: readonly DrawnMetric[] | undefined;
  readonly assertions: readonly Bound<Assertion>[];
  readonly expectation: OutlineExpectation | undefined;
  /** Those of all assertions that are one line of text, with what was read there. */
  readonly texts: ReadonlyMap<Place, ReadAssertion>;
}

/** Something bound to its options, and the place of the options. */
export interface Bound<Thing> {
  readonly thing: Thing;
  readonly place: Place;
}

export interface OutlineAbort {
  readonly noLeaderForMs: number | undefined;
  readonly nothingAcknowledgedForMs: number | undefined;
  readonly violated: readonly Bound<Assertion>[];
}

export interface OutlineSteadyState {
  readonly place: Place;
  readonly assertions: readonly Bound<Assertion>[];
  readonly settleMs: number | undefined;
}

export interface OutlineExpectation {
  readonly options: z.output<typeof expectSchema>;
  /** Each with what may be broken of an assertion of its kind. */
  readonly violations: readonly { readonly expected: ExpectedViolation; readonly name: string; readonly place: Place; readonly rules: readonly string[] }[];
}

export interface OutlinePhase {
  readonly place: Place;
  readonly name: string | undefined;
  readonly durationMs: number | undefined;
  readonly faults: readonly OutlineFault[];
}

export interface OutlineFault {
  /** The list's item, with `at`, `for` and their like. */
  readonly entry: Place;
  /** Those whose options fit. */
  readonly choices: readonly (Bound<Fault> & { readonly weight: number })[];
  readonly atMs: number | undefined;
  readonly forMs: number | undefined;
  readonly until: string | undefined;
  readonly everyMs: number | undefined;
  readonly follows: boolean;
}

export function outlineOf(root: Place, catalogue: Catalogue): Outline {
  const description = root.children.get("description")?.value;
  const cluster = root.children.get("cluster");
  const abortIf = root.children.get("abort-if");
  const workload = root.children.get("workload");
  const steadyState = root.children.get("steady-state");
  const texts = textsOf([...(abortIf === undefined ? [] : items(abortIf, violatedKey)), ...(steadyState === undefined ? [] : items(steadyState, "assertions")), ...items(root, "assertions")], catalogue);
  return {
    root,
    description: typeof description === "string" ? description.trim() : undefined,
    tags: read(root, "tags", tagsSchema) ?? [],
    cluster: clusterSchema.safeParse(cluster === undefined ? {} : cluster.value).data,
    memberCount: clusterSchema.shape.members.safeParse(cluster?.children.get("members")?.value).data,
    load: workload && loadOf(workload, catalogue.workloads),
    abortIf: abortIf && abortOf(abortIf, catalogue, texts),
    telemetry: read(root, "telemetry", telemetrySchema.optional()),
    steadyState: steadyState && steadyStateOf(steadyState, catalogue, texts),
    metrics: drawnMetrics(root.children.get("report")?.value),
    phases: items(root, "timeline").map((place) => phaseOf(place, catalogue)),
    assertions: items(root, "assertions").flatMap((entry) => assertionOf(entry, catalogue, texts)),
    expectation: expectationOf(root, catalogue),
    texts,
  };
}

function expectationOf(root: Place, { assertions }: Catalogue): OutlineExpectation | undefined {
  const place = root.children.get(expectKey);
  const options = expectSchema.safeParse(place?.value).data;
  if (place === undefined || options === undefined) return undefined;
  const places = items(place, "fail");
  const violations = options.fail.flatMap((given, index) => {
    const expected = expectedViolation(given);
    const rules = "title" in expected ? [] : (assertions.find(({ kind }) => kind === expected.kind)?.rules ?? []);
    return places.slice(index, index + 1).map((at) => ({ expected, name: typeof given === "string" ? given : `"${given.title}"`, place: at, rules }));
  });
  return { options, violations };
}

function textsOf(entries: readonly Place[], { expressions }: Catalogue): ReadonlyMap<Place, ReadAssertion> {
  return new Map(
    entries.flatMap((entry) => {
      const place = textPlace(entry);
      return typeof place.value === "string" ? [[place, expressions.read(place.value)] as const] : [];
    }),
  );
}

/** The line of text itself, which may stand under a key to have a title beside it. */
function textPlace(entry: Place): Place {
  return entry.children.get(textKey) ?? entry;
}

function abortOf(place: Place, catalogue: Catalogue, texts: Outline["texts"]): OutlineAbort {
  return {
    noLeaderForMs: read(place, "no-leader-for", abortShape["no-leader-for"]),
    nothingAcknowledgedForMs: read(place, "nothing-acknowledged-for", abortShape["nothing-acknowledged-for"]),
    violated: items(place, violatedKey).flatMap((entry) => assertionOf(entry, catalogue, texts)),
  };
}

function steadyStateOf(place: Place, catalogue: Catalogue, texts: Outline["texts"]): OutlineSteadyState {
  return { place, assertions: items(place, "assertions").flatMap((entry) => assertionOf(entry, catalogue, texts)), settleMs: read(place, "settle", settleSchema) };
}

/** Every assertion, also those that end the run and those of the steady state. */
export function allAssertions({ assertions, abortIf, steadyState }: Outline): readonly Bound<Assertion>[] {
  return [...(abortIf?.violated ?? []), ...(steadyState?.assertions ?? []), ...assertions];
}

function phaseOf(place: Place, catalogue: Catalogue): OutlinePhase {
  return {
    place,
    name: read(place, "phase", phaseNameSchema),
    durationMs: read(place, "duration", phaseDurationSchema),
    faults: items(place, "faults").map((entry) => faultOf(entry, catalogue)),
  };
}

function faultOf(entry: Place, { faults }: Catalogue): OutlineFault {
  const isDrawn = entry.children.has(oneOfKey);
  const choices = (isDrawn ? items(entry, oneOfKey) : [entry]).flatMap((place) => {
    const fault = bound(place, faults);
    return fault === undefined ? [] : [{ ...fault, weight: (isDrawn ? read(place, "weight", weightSchema) : undefined) ?? 1 }];
  });
  return {
    entry,
    choices,
    atMs: read(entry, "at", timingShape.at),
    forMs: read(entry, "for", timingShape.for),
    until: read(entry, "until", timingShape.until),
    everyMs: read(entry, "every", timingShape.every),
    follows: read(entry, "follow", timingShape.follow) !== undefined,
  };
}

function assertionOf(entry: Place, catalogue: Catalogue, texts: Outline["texts"]): Bound<Assertion>[] {
  const place = textPlace(entry);
  const read = texts.get(place);
  if (read !== undefined && "problem" in read) return [];
  const assertion = read === undefined ? bound(entry, catalogue.assertions) : { thing: read.assertion, place };
  if (assertion === undefined) return [];
  const title = entry.children.get("title")?.value;
  return [typeof title === "string" ? { ...assertion, thing: { ...assertion.thing, title } } : assertion];
}

interface BindableKind<Thing> {
  readonly kind: string;
  readonly options: z.ZodType;
  bind(options: unknown): Thing;
}

/** The one kind whose options the entry holds, bound to them; undefined when it is not one, or its options do not fit. */
function bound<Thing>(entry: Place | undefined, kinds: readonly BindableKind<Thing>[]): Bound<Thing> | undefined {
  const [name, second] = kindsIn(entry?.value, kinds.map(({ kind }) => kind));
  const kind = kinds.find((each) => each.kind === name);
  const place = name === undefined ? undefined : entry?.children.get(name);
  if (second !== undefined || kind === undefined || place === undefined || !kind.options.safeParse(place.value).success) return undefined;
  return { thing: kind.bind(place.value), place };
}

function read<Output>(place: Place, key: string, schema: z.ZodType<Output>): Output | undefined {
  return schema.safeParse(place.children.get(key)?.value).data;
}

/** What stands in the list under a key, in order; nothing where there is none. */
export function items(place: Place, key: string): Place[] {
  const list = place.children.get(key);
  return Array.isArray(list?.value) ? [...list.children.values()] : [];
}
