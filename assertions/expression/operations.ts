import { max, mean, min } from "d3-array";

import { isWrite, longestOutage, outageText, unavailability } from "../../src/analysis/availability.ts";
import { quantilesOf } from "../../src/analysis/latency.ts";
import { meantIn } from "../../src/analysis/meant.ts";
import { missedRequests, missedShares } from "../../src/analysis/missed.ts";
import { slowest } from "../../src/analysis/stretch-figures.ts";
import { contains } from "../../src/analysis/windows.ts";
import { latencyMs, type Operation } from "../../src/recording/operation.ts";
import type { Recording } from "../../src/recording/recording.ts";
import { formatDuration } from "../../src/units/duration.ts";
import { ifSeen, uncertain, type Certainty } from "../bounds.ts";
import { evidenceOf, notToItsEnd } from "../slo-objectives.ts";
import { unsentOf, unsentText } from "../slo-parts/answers.ts";
import type { Evidence } from "../verdict.ts";
import type { SeenWindow } from "../window.ts";
import { counted, figure, perCent } from "../words.ts";
import { intervalOf } from "./interval.ts";
import { anyOperation } from "./quantity-parser.ts";
import type { Sized, Unsized } from "./sized.ts";
import type { Measure, Source } from "./syntax.ts";

type OperationSource = Extract<Source, { of: "operations" }>;

const evidenceMax = 5;

/**
 * What clients got: of operations that were meant to start in the window, at the given members'
 * endpoints where some are given. They are counted where they ended ok, unless the source says otherwise.
 */
export function sizeOperations(recording: Recording, { measure, source }: { readonly measure: Measure; readonly source: OperationSource }, members: readonly string[] | undefined, window: SeenWindow): Sized | Unsized {
  if (measure.name === "unavailability") return sizeUnavailability(recording, source, window);
  const isThere = ({ member }: { readonly member: string }): boolean => members === undefined || members.includes(member);
  const isKind = ({ op }: Operation): boolean => source.op === anyOperation || op === source.op;
  const meant = meantIn(recording.operations, window).filter((operation) => isKind(operation) && isThere(operation));
  const unsent = measure.name === "availability" || meant.length === 0 ? unsentIn(recording, isKind, isThere, window) : 0;
  if (meant.length + unsent === 0) return { reason: `no ${source.op === anyOperation ? "operation" : source.op} was meant to start in ${window.name}` };
  if (measure.name === "availability") return availability(meant, unsent, window);
  const { outcome: wanted = "ok" } = source;
  const chosen = meant.filter(({ outcome }) => wanted === "any" || outcome === wanted);
  if (measure.name === "count") return count(chosen, meant, window);
  if (measure.name === "rate") return rate(chosen, meant, window);
  return latency(measure, chosen, meant, window);
}

function unsentIn({ operations, events }: Recording, isKind: (operation: Operation) => boolean, isThere: (at: { readonly member: string }) => boolean, window: SeenWindow): number {
  const missed = missedRequests(events).filter(isThere);
  return missed.length === 0 ? 0 : unsentOf(missedShares(missed, operations.filter(isThere), isKind), window);
}

function availability(meant: readonly Operation[], unsent: number, window: SeenWindow): Sized {
  const bad = meant.filter(({ outcome }) => outcome !== "ok");
  const due = meant.length + unsent;
  const ratio = (meant.length - bad.length) / due;
  const text = `${perCent(ratio)} ok of ${counted(due, "operation")}${unsentText(unsent)}`;
  return sized(ratio, ifSeen(window.complete, uncertain), text, window, bad, meant);
}

function count(chosen: readonly Operation[], meant: readonly Operation[], window: SeenWindow): Sized {
  const certainty = ifSeen(window.complete, { notLess: true, notMore: false });
  return sized(chosen.length, certainty, counted(chosen.length, "operation"), window, chosen, meant);
}

function rate(chosen: readonly Operation[], meant: readonly Operation[], window: SeenWindow): Sized {
  const perSecond = chosen.length / ((window.endMs - window.startMs) / 1_000);
  return sized(perSecond, ifSeen(window.complete, uncertain), `${figure(perSecond)} a second`, window, [], meant);
}

function latency(measure: Measure, ok: readonly Operation[], meant: readonly Operation[], window: SeenWindow): Sized | Unsized {
  const ms = statistic(measure, ok.map(latencyMs));
  if (ms === undefined) return { reason: `none of ${counted(meant.length, "operation")} in ${window.name} ended ok` };
  const partly: Partial<Record<Measure["name"], Certainty>> = { max: { notLess: true, notMore: false }, min: { notLess: false, notMore: true } };
  const byLatency = (operations: readonly Operation[]): Operation[] => operations.toSorted((a, b) => latencyMs(a) - latencyMs(b));
  const telling = measure.name === "min" ? byLatency(ok) : byLatency(slowest(ok, evidenceMax)).reverse();
  return sized(ms / 1_000, ifSeen(window.complete, partly[measure.name] ?? uncertain), `${formatDuration(ms)} of ${counted(ok.length, "ok operation")}`, window, telling, meant);
}

function statistic(measure: Measure, tookMs: readonly number[]): number | undefined {
  switch (measure.name) {
    case "quantile":
      return quantilesOf(tookMs, [measure.quantile])[0];
    case "min":
      return min(tookMs);
    case "max":
      return max(tookMs);
    default:
      return mean(tookMs);
  }
}

/** The longest time without an acknowledged write while writes are attempted. */
function sizeUnavailability(recording: Recording, { op }: OperationSource, window: SeenWindow): Sized | Unsized {
  const { operations } = recording;
  const longest = longestOutage(unavailability(operations, window));
  const attempted = operations.some((each) => isWrite(each) && contains(window, each.intendedNs / 1e6));
  if (longest === undefined && !attempted) return { reason: `no ${op} was attempted in ${window.name}` };
  const lastedMs = longest === undefined ? 0 : longest.endMs - longest.startMs;
  const evidence: Evidence[] = longest === undefined ? [] : [{ kind: "window", atMs: longest.startMs, endMs: longest.endMs, text: outageText(longest) }];
  return { ...sized(lastedMs / 1_000, { notLess: true, notMore: window.complete }, formatDuration(lastedMs), window, [], []), evidence };
}

function sized(value: number, certainty: Certainty, text: string, window: SeenWindow, shown: readonly Operation[], meant: readonly Operation[]): Sized {
  const { startMs: atMs, endMs, name } = window;
  const ok = meant.filter(({ outcome }) => outcome === "ok").length;
  const all: Evidence = { kind: "window", atMs, endMs, text: `${counted(meant.length, "operation")} meant to start in ${name}, ${ok === meant.length ? "all" : ok} of them ok` };
  return {
    interval: intervalOf(value, certainty),
    text: certainty.notLess && !certainty.notMore ? `at least ${text}` : certainty.notMore && !certainty.notLess ? `at most ${text}` : text,
    ...(certainty.notLess && certainty.notMore ? {} : { doubt: notToItsEnd(window) }),
    evidence: [all, ...shown.slice(0, evidenceMax).map(evidenceOf)],
  };
}
