import { z } from "zod";

import { quantile } from "../src/analysis/latency.ts";
import type { Recording } from "../src/recording/recording.ts";
import type { TelemetrySpan } from "../src/recording/telemetry.ts";
import { durationOption } from "../src/units/duration-option.ts";
import { formatDuration } from "../src/units/duration.ts";
import { defineAssertion } from "./assertion.ts";
import { certain, checkBounds, uncertain } from "./bounds.ts";
import { pattern as textPattern } from "./log-match.ts";
import { aboutTelemetry, attributesText, chosenTitle, countText, evidenceOf, judgeCount, telemetryShape, unknownAttribute, type FoundItems, type Question } from "./telemetry.ts";
import { worst, type Evidence, type Outcome, type Verdict } from "./verdict.ts";
import { windowTitle, type SeenWindow } from "./window.ts";
import { counted, percentile } from "./words.ts";

/** A quantile of fewer tells nothing. */
const fewestDurations = 10;
/** OpenTelemetry's senders, etcd's among them, send what they have every five seconds, so that one that ends takes up to so much with it. */
const sentEveryMs = 5_000;

const options = z
  .strictObject({
    name: textPattern.optional().meta({ description: "A regular expression for the span's name, such as ^etcdserverpb.KV/Put$." }),
    status: z.enum(["unset", "ok", "error"]).optional().meta({ description: "Only spans that ended so." }),
    quantile: z.number().min(0).max(1).default(0.99).meta({ description: "Which quantile of their durations, from 0 to 1." }),
    below: durationOption(`What that quantile is to be below, such as 100ms; ${fewestDurations} spans are needed for it.`).refine((ms) => ms > 0, "must be longer than zero").optional(),
    ...telemetryShape,
  })
  .refine((given) => given["at-least"] !== undefined || given.none !== undefined || given.below !== undefined, { error: "needs at-least, none or below" })
  .refine((given) => given.none === undefined || (given["at-least"] === undefined && given.below === undefined), { error: "where there is to be none, there is nothing else to ask for" });

type Options = z.output<typeof options>;

const noun = "span";

/** A span counts for the part of the run in which it began. */
export const spans = defineAssertion({
  kind: "spans",
  summary: "Spans that etcd or an application sent by OpenTelemetry: whether there are any, or how long they took; needs telemetry in the scenario.",
  options,
  title: (given) => `spans${given.name === undefined ? "" : ` /${given.name}/`}${chosenTitle(given)}${given.status === undefined ? "" : ` with status ${given.status}`} ${windowTitle(given)}`,
  ...aboutTelemetry({ bound: boundText, question: questionOf, verdict: verdictOf }),
});

function verdictOf(recording: Recording, found: FoundItems<TelemetrySpan>, given: Options, window: SeenWindow): Verdict {
  const lost = found.doubt ?? lostWithMember(recording, given, window);
  const parts: Part[] = [];
  if (given["at-least"] !== undefined || given.none !== undefined) {
    const doubt = lost ?? unsent(recording, given) ?? (given.none ? unknownAttribute(recording, questionOf(given)) : undefined);
    parts.push({ ...judgeCount(found, given, window, doubt), evidence: evidenceOf(found, questionOf(given), window) });
  }
  if (given.below !== undefined) parts.push(judgeDurations(found, given, given.below, window, lost));
  const outcome = worst(parts.map((part) => part.outcome));
  const telling = parts.filter((part) => part.outcome === outcome);
  const reason = telling.flatMap((part) => part.reason ?? []).join("; ");
  return { outcome, observed: observedText(found, given), bound: boundText(given), ...(outcome === "pass" ? {} : { reason }), evidence: telling.flatMap(({ evidence }) => evidence) };
}

interface Part {
  readonly outcome: Outcome;
  readonly reason?: string;
  readonly evidence: readonly Evidence[];
}

/** A quantile of a sample is one of all, but not where what was lost may have been the slowest or the fastest. */
function judgeDurations({ matching }: FoundItems<TelemetrySpan>, given: Options, below: number, window: SeenWindow, lost: string | undefined): Part {
  const value = durationQuantile(matching, given);
  if (value === undefined || matching.length < fewestDurations) {
    return { outcome: "inconclusive", reason: `only ${counted(matching.length, noun)} to take a quantile of, at least ${fewestDurations} are needed`, evidence: [] };
  }
  const outcome = checkBounds(value, window.complete && lost === undefined ? certain : uncertain, { below });
  const evidence = [...matching].sort((a, b) => b.durationMs - a.durationMs).slice(0, 5).map(show);
  if (outcome === "pass") return { outcome, evidence };
  const seen = `${percentile(given.quantile)} is ${formatDuration(value)}`;
  return { outcome, reason: outcome === "fail" ? `${seen}, not below ${formatDuration(below)}` : `${seen}, but ${lost ?? `${window.name} was not seen to its end`}`, evidence };
}

function durationQuantile(matching: readonly TelemetrySpan[], given: Options): number | undefined {
  return quantile(matching.map(({ durationMs }) => durationMs).sort((a, b) => a - b), given.quantile);
}

/** Only etcd's members are known to end, and when. */
function lostWithMember({ events, telemetry }: Recording, { service }: Options, { startMs, endMs }: SeenWindow): string | undefined {
  if (telemetry?.etcdShare === undefined || (service !== undefined && service !== "etcd")) return undefined;
  const ended = events.find((event) => event.type === "member" && (event.state === "killed" || event.state === "exited" || event.state === "stopped") && event.atMs >= startMs && event.atMs < endMs + sentEveryMs);
  if (ended?.type !== "member") return undefined;
  return `${ended.member} ended at ${formatDuration(ended.atMs)}, and what it had not sent by then is lost`;
}

/** How many there were is not known where only a share was sent. */
function unsent({ telemetry }: Recording, { service }: Options): string | undefined {
  const share = telemetry?.etcdShare ?? 1;
  return share < 1 && (service === undefined || service === "etcd") ? `etcd was asked for spans of ${share * 100} % of its requests` : undefined;
}

function questionOf({ name, status, service, attributes }: Options): Question<TelemetrySpan> {
  return {
    noun,
    service,
    attributes,
    items: ({ spans: all }) => all,
    texts: [{ of: (span) => span.name, source: name }],
    fits: (span) => status === undefined || span.status === status,
    show,
  };
}

function show({ atMs, durationMs, name, service, status, statusText, attributes }: TelemetrySpan): Evidence {
  const ended = status === "error" ? `, error${statusText === "" ? "" : `: ${statusText}`}` : "";
  return { kind: "event", atMs, endMs: atMs + durationMs, text: `${service || "a service without a name"}: ${name} took ${formatDuration(durationMs)}${ended}${attributesText(attributes)}` };
}

function observedText({ matching }: FoundItems<TelemetrySpan>, given: Options): string {
  const value = given.below === undefined ? undefined : durationQuantile(matching, given);
  return value === undefined ? counted(matching.length, noun) : `${percentile(given.quantile)} ${formatDuration(value)} of ${counted(matching.length, noun)}`;
}

function boundText(given: Options): string {
  const counts = given["at-least"] !== undefined || given.none !== undefined ? [countText(given, noun)] : [];
  return [...counts, ...(given.below === undefined ? [] : [`${percentile(given.quantile)} below ${formatDuration(given.below)}`])].join(", ");
}
