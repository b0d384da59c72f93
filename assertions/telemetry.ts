import { z } from "zod";

import { contains, runWindow, whyUnfinished } from "../src/analysis/windows.ts";
import type { Recording } from "../src/recording/recording.ts";
import type { Telemetry, TelemetryItem } from "../src/recording/telemetry.ts";
import { formatDuration } from "../src/units/duration.ts";
import { checkBounds } from "./bounds.ts";
import { pattern as textPattern, searchedMax } from "./log-match.ts";
import type { Evidence, Outcome, Verdict } from "./verdict.ts";
import { judgeWindow, windowPhases, windowShape, type SeenWindow, type WindowOptions } from "./window.ts";
import { counted, excerpt } from "./words.ts";

const patterns = z.record(z.string().min(1), textPattern).refine((given) => Object.keys(given).length > 0, "needs at least one attribute");

/** Options of all that is about what others told by OpenTelemetry: what of it, of which part of the run, and how many; to be spread into a schema. */
export const telemetryShape = {
  service: z.string().min(1).optional().meta({ description: "Only what this service told (its service.name)." }),
  attributes: patterns.optional().meta({
    description: `Regular expressions for attributes, its own or of its resource, all of which are to match, such as {rpc.method: "Put$"}. The first ${searchedMax} characters are searched.`,
  }),
  "at-least": z.number().int().min(1).optional().meta({ description: "So many are to be there." }),
  none: z.literal(true).optional().meta({ description: "None is to be there." }),
  ...windowShape,
};

interface Chosen {
  readonly service?: string | undefined;
  readonly attributes?: Readonly<Record<string, string>> | undefined;
}

/** `of etcd with rpc.method /Put/`: for a title. */
export function chosenTitle({ service, attributes = {} }: Chosen): string {
  const wanted = Object.entries(attributes).map(([name, source]) => `${name} /${source}/`);
  return [...(service === undefined ? [] : [` of ${service}`]), ...(wanted.length === 0 ? [] : [` with ${wanted.join(", ")}`])].join("");
}

/** What is asked about spans, or about log records. */
export interface Question<Item extends TelemetryItem> extends Chosen {
  /** `span` or `log record`. */
  readonly noun: string;
  readonly items: (telemetry: Telemetry) => readonly Item[];
  /** Texts that have to match, beside attributes. */
  readonly texts: readonly { readonly of: (item: Item) => string; readonly source: string | undefined }[];
  readonly fits?: (item: Item) => boolean;
  readonly show: (item: Item) => Evidence;
}

export interface FoundItems<Item> {
  readonly matching: readonly Item[];
  /** How many there were to choose from in the window. */
  readonly searched: number;
  /** Why more may have matched than were received; undefined where all were. */
  readonly doubt: string | undefined;
}

/** How one kind of what was told is judged. */
interface TelemetryKind<Item extends TelemetryItem, Options> {
  readonly bound: (given: Options) => string;
  readonly question: (given: Options) => Question<Item>;
  readonly verdict: (recording: Recording, found: FoundItems<Item>, given: Options, window: SeenWindow) => Verdict;
}

/** What the definitions of such assertions have in common; to be spread into one. */
export function aboutTelemetry<Item extends TelemetryItem, Options extends WindowOptions>({ bound, question, verdict }: TelemetryKind<Item, Options>) {
  return {
    needsTelemetry: true as const,
    phases: windowPhases,
    isWindowed: true,
    judge: (recording: Recording, given: Options): Verdict =>
      judgeWindow(recording, given, bound(given), (window) => {
        const found = findItems(recording, window, question(given));
        return "reason" in found ? { outcome: "inconclusive", observed: "nothing", bound: bound(given), reason: found.reason, evidence: [] } : verdict(recording, found, given, window);
      }),
  };
}

/** Looks through what was received in a window; or says why nothing can be told. */
function findItems<Item extends TelemetryItem>(recording: Recording, window: SeenWindow, question: Question<Item>): FoundItems<Item> | { readonly reason: string } {
  const { telemetry } = recording;
  if (telemetry === undefined) return { reason: "no telemetry was taken in this run: its scenario has no `telemetry`" };
  const ofService = question.items(telemetry).filter(({ service }) => question.service === undefined || service === question.service);
  const run = runWindow(recording);
  if (!ofService.some(({ atMs }) => contains(run, atMs))) return { reason: nothingHeard(recording, question, telemetry) };
  const inWindow = ofService.filter(({ atMs }) => contains(window, atMs));
  const rules = rulesOf(question);
  const answers = inWindow.map((item) => ({ item, answer: answerOf(item, rules, question.fits) }));
  const matching = answers.flatMap(({ item, answer }) => (answer === "yes" ? [item] : []));
  const unsure = answers.filter(({ answer }) => answer === "unsure").length;
  return { matching, searched: inWindow.length, doubt: doubtAbout(recording, telemetry) ?? (unsure === 0 ? undefined : `only the first ${searchedMax} characters of ${counted(unsure, question.noun)} were searched`) };
}

/** An attribute that nothing of the whole run has is misspelt rather than absent. */
export function unknownAttribute<Item extends TelemetryItem>({ telemetry }: Recording, { items, attributes = {}, noun }: Question<Item>): string | undefined {
  const all = telemetry === undefined ? [] : items(telemetry);
  const unknown = Object.keys(attributes).find((name) => !all.some((item) => Object.hasOwn(item.attributes, name)));
  return unknown === undefined ? undefined : `no ${noun} of the whole run has an attribute ${unknown}`;
}

function nothingHeard<Item extends TelemetryItem>({ part = "the whole run" }: Recording, { noun, service }: Question<Item>, { gaps, sources }: Telemetry): string {
  const whose = service === undefined ? "" : ` of ${service}`;
  const why = gaps.length > 0 ? gaps.join("; ") : `listened to: ${sources.join(", ")}`;
  return `no ${noun}${whose} was received in ${part} (${why})`;
}

function doubtAbout(recording: Recording, { gaps }: Telemetry): string | undefined {
  if (gaps.length > 0) return gaps.join("; ");
  const why = whyUnfinished(recording);
  return why === undefined ? undefined : `what was on its way at the end was not waited for: ${why}`;
}

interface Rule<Item> {
  readonly text: (item: Item) => string | undefined;
  readonly pattern: RegExp;
}

function rulesOf<Item extends TelemetryItem>({ texts, attributes = {} }: Question<Item>): Rule<Item>[] {
  const named = Object.entries(attributes).map(([name, source]) => ({ text: ({ attributes: own }: Item) => (Object.hasOwn(own, name) ? own[name] : undefined), pattern: new RegExp(source) }));
  return [...texts.flatMap(({ of, source }) => (source === undefined ? [] : [{ text: of, pattern: new RegExp(source) }])), ...named];
}

function answerOf<Item extends TelemetryItem>(item: Item, rules: readonly Rule<Item>[], fits: (item: Item) => boolean = () => true): "yes" | "no" | "unsure" {
  if (!fits(item)) return "no";
  const missed = rules.map(({ text, pattern }) => ({ text: text(item), pattern })).filter(({ text, pattern }) => text === undefined || !pattern.test(text.slice(0, searchedMax)));
  if (missed.length === 0) return "yes";
  return missed.every(({ text }) => (text?.length ?? 0) > searchedMax) ? "unsure" : "no";
}

const evidenceMax = 10;

/** What there is to show: what matched, or how much was looked through. */
export function evidenceOf<Item extends TelemetryItem>({ matching, searched }: FoundItems<Item>, { noun, show }: Question<Item>, { startMs, endMs, name }: SeenWindow): Evidence[] {
  if (matching.length > 0) return matching.slice(0, evidenceMax).map(show);
  return [{ kind: "window", atMs: startMs, endMs, text: `none of ${counted(searched, noun)} received in ${name} matched` }];
}

interface Counts {
  readonly "at-least"?: number | undefined;
  readonly none?: true | undefined;
}

/** `at least 3 spans`, `no span`. */
export function countText({ "at-least": atLeast }: Counts, noun: string): string {
  return atLeast === undefined ? `no ${noun}` : `at least ${counted(atLeast, noun)}`;
}

/** Judges how many there were. What was received was there; what was not may have been lost on its way. */
export function judgeCount<Item extends TelemetryItem>(found: FoundItems<Item>, given: Counts, window: SeenWindow, doubt: string | undefined): { readonly outcome: Outcome; readonly reason?: string } {
  const bounds = given["at-least"] === undefined ? { "at-most": 0 } : { "at-least": given["at-least"] };
  const outcome = checkBounds(found.matching.length, { notLess: true, notMore: window.complete && doubt === undefined }, bounds);
  if (outcome === "pass") return { outcome };
  const matched = `${found.matching.length === 0 ? "none" : found.matching.length} of ${found.searched} received in ${window.name} (${formatDuration(window.endMs - window.startMs)}) matched`;
  return { outcome, reason: outcome === "inconclusive" && doubt !== undefined ? `${matched}, but ${doubt}` : matched };
}

/** Attributes as evidence shows them. */
export function attributesText(attributes: Readonly<Record<string, string>>): string {
  const pairs = Object.entries(attributes).filter(([name]) => name !== "service.name").map(([name, value]) => `${name}=${value}`);
  return pairs.length === 0 ? "" : ` (${excerpt(pairs.join(", "), 200)})`;
}
