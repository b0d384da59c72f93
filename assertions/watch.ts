import { z } from "zod";

import { counterexampleOfRun } from "../src/check/counterexample.ts";
import { guarantees, guaranteeWords, type Guarantee } from "../src/check/watch/guarantees.ts";
import { responseText } from "../src/check/watch/response-text.ts";
import { streamsOf } from "../src/check/watch/streams.ts";
import { watchText, type Shown } from "../src/check/watch/violations.ts";
import { checkWatch, type Watched } from "../src/check/watch.ts";
import type { Recording } from "../src/recording/recording.ts";
import type { WatchResponse } from "../src/recording/watch.ts";
import { defineAssertion } from "./assertion.ts";
import { atLeast, operationEvidence, wholeHistory } from "./history.ts";
import type { Evidence, Verdict } from "./verdict.ts";
import { counted, excerpt } from "./words.ts";

const options = z.strictObject({
  guarantees: z
    .array(z.enum(guarantees))
    .min(1)
    .default([...guarantees])
    .meta({ description: `Which of them are looked at; all, unless it says otherwise. ${guarantees.map((each) => `${each}: ${guaranteeWords[each]}`).join("; ")}.` }),
  "at-least": atLeast("changes told to watchers"),
});

/** Needs watchers: `watch` beside the workload. */
export const watch = defineAssertion({
  kind: "watch",
  summary: "Whether watches kept what etcd promises: all changes, once, in order, and the same through every member.",
  options,
  rules: guarantees,
  title: ({ guarantees: chosen }) => (chosen.length === guarantees.length ? "what watches promise" : `watches: ${chosen.join(", ")}`),
  phases: () => [],
  judge: (recording, { guarantees: chosen, "at-least": fewest }) => {
    const bound = chosen.length === guarantees.length ? "every watch is told all changes, once and in order, and the same ones" : chosen.map((each) => guaranteeWords[each]).join("; ");
    return { bound, ...judge(recording, chosen, fewest) };
  },
});

function judge(recording: Recording, chosen: readonly Guarantee[], fewest: number): Omit<Verdict, "bound"> {
  const damage = recording.defects.find((defect) => defect.startsWith("watches.jsonl"));
  if (damage !== undefined) return { outcome: "inconclusive", observed: "not all responses to watchers", reason: damage, evidence: [] };
  const responses = responsesOf(recording);
  if (responses.length === 0) return { outcome: "inconclusive", observed: "no watch", reason: "nobody watched: `watch` beside the workload asks for it", evidence: [] };
  const history = wholeHistory(recording);
  const watched = { responses, history: typeof history === "string" ? [] : history, compactedTo: compactedTo(recording) };
  const finding = checkWatch(watched, chosen);
  if (finding.kind === "violated") {
    const broken = [finding.rule, ...brokenOf(watched, chosen.filter((each) => each !== finding.rule))];
    return { outcome: "fail", observed: `${listText(broken)} ${broken.length === 1 ? "is" : "are"} broken`, reason: finding.sentence, evidence: finding.operations.map(evidenceOf), counterexample: counterexampleOfRun(finding), broken };
  }
  const observed = `${counted(finding.checked, "change")} told to ${counted(new Set(responses.map(({ watcher }) => watcher)).size, "watcher")}`;
  const missing = finding.kind === "unknown" ? finding.because : typeof history === "string" ? history : tooFew(finding.checked, fewest) ?? behind(responses, revisionOf(history));
  const evidence = spanOf(responses);
  return missing === undefined ? { outcome: "pass", observed, evidence } : { outcome: "inconclusive", observed, reason: missing, evidence };
}

/** All guarantees that are broken, in their order: one that is expected must not hide another. */
function brokenOf(watched: Watched, chosen: readonly Guarantee[]): string[] {
  const finding = chosen.length === 0 ? undefined : checkWatch(watched, chosen);
  if (finding?.kind !== "violated") return [];
  return [finding.rule, ...brokenOf(watched, chosen.filter((each) => each !== finding.rule))];
}

/** `unique`, `unique and reliable`, `ordered, unique and reliable`. */
function listText(names: readonly string[]): string {
  return names.length < 2 ? names.join() : `${names.slice(0, -1).join(", ")} and ${names.at(-1) ?? ""}`;
}

/** A look at a run that goes on is at a moment of which all has been written. */
function responsesOf({ info, phases, watches }: Recording): readonly WatchResponse[] {
  const last = phases.at(-1);
  return info.status === "interrupted" && last !== undefined ? watches.filter(({ atNs }) => atNs <= last.endMs * 1e6) : watches;
}

function tooFew(told: number, fewest: number): string | undefined {
  return told < fewest ? `only ${counted(told, "change")} were told, of ${fewest} wanted` : undefined;
}

/** A watcher that did not come to the end: what it has yet to be told may be wrong. */
function behind(responses: readonly WatchResponse[], revision: number): string | undefined {
  const reached = new Map<number, { readonly who: string; readonly upTo: number }>();
  for (const { watcher, member } of responses) reached.set(watcher, { who: `the watch through ${member}`, upTo: 1 });
  for (const stream of streamsOf(responses)) {
    const { watcher } = stream.created;
    reached.set(watcher, { who: watchText(stream), upTo: Math.max(reached.get(watcher)?.upTo ?? 1, stream.upTo) });
  }
  const late = [...reached.values()].find(({ upTo }) => upTo < revision);
  return late && `${late.who} came to revision ${late.upTo} only, of ${revision}`;
}

function revisionOf(history: readonly { readonly revision?: number }[]): number {
  return history.reduce((highest, { revision = 0 }) => Math.max(highest, revision), 0);
}

/** The highest revision that was compacted, by whomever: a compaction of unknown outcome may have happened. */
function compactedTo({ metrics, operations, watches }: Recording): number {
  const scraped = metrics.series("etcd_debugging_mvcc_compact_revision").flatMap(({ points }) => points.map(({ value }) => value ?? 0));
  const told = watches.map((response) => (response.kind === "canceled" ? (response.compactRevision ?? 0) : 0));
  const asked = operations.map((operation) => (operation.op === "compact" && operation.outcome !== "fail" ? operation.atRevision : 0));
  return [...scraped, ...told, ...asked].reduce((highest, each) => Math.max(highest, each), 0);
}

function evidenceOf(shown: Shown): Evidence {
  return "op" in shown ? operationEvidence(shown) : { kind: "event", atMs: shown.atNs / 1e6, member: shown.member, text: excerpt(responseText(shown)) };
}

function spanOf(responses: readonly WatchResponse[]): Evidence[] {
  const [first, last] = [responses[0], responses.at(-1)];
  if (first === undefined || last === undefined) return [];
  const cuts = responses.filter(({ kind }) => kind === "cut" || kind === "canceled").length;
  return [{ kind: "window", atMs: first.atNs / 1e6, endMs: last.atNs / 1e6, text: `${counted(responses.length, "response")} to watchers, cut ${counted(cuts, "time")}` }];
}
