import { isWrite, longestOutage, outageText, unavailability } from "../src/analysis/availability.ts";
import type { Missed } from "../src/analysis/missed.ts";
import { quantilesOf } from "../src/analysis/latency.ts";
import { slowest } from "../src/analysis/stretch-figures.ts";
import { contains } from "../src/analysis/windows.ts";
import { subjectText } from "../src/recording/operation-text.ts";
import { latencyMs, type Operation } from "../src/recording/operation.ts";
import { formatDuration } from "../src/units/duration.ts";
import { checkBounds, ifSeen, uncertain } from "./bounds.ts";
import type { Evidence, Outcome } from "./verdict.ts";
import type { SeenWindow } from "./window.ts";
import { counted, excerpt, percentile } from "./words.ts";

/** One objective of an SLO, judged. */
export interface Objective {
  readonly outcome: Outcome;
  readonly observed: string;
  readonly bound: string;
  readonly reason?: string;
  readonly evidence: readonly Evidence[];
}

const evidenceMax = 5;

function allOf(operations: readonly Operation[], { startMs, endMs, name }: SeenWindow): Evidence {
  return { kind: "window", atMs: startMs, endMs, text: `${counted(operations.length, "operation")} meant to start in ${name}, all of them ok` };
}

/** A quantile of the latency of the operations that ended ok, from their intended start. */
export function judgeLatency(operations: readonly Operation[], window: SeenWindow, wanted: { readonly quantile: number; readonly below: number }): Objective {
  const name = percentile(wanted.quantile);
  const bound = `${name} below ${formatDuration(wanted.below)}`;
  const ok = operations.filter(({ outcome }) => outcome === "ok");
  const [ms] = quantilesOf(ok.map(latencyMs), [wanted.quantile]);
  if (ms === undefined) {
    if (operations.length === 0) return nothing(bound, window);
    return objective("inconclusive", `${name} of no operation`, bound, `none of ${counted(operations.length, "operation")} in ${window.name} ended ok`, []);
  }
  const observed = `${name} ${formatDuration(ms)} of ${counted(ok.length, "ok operation")}`;
  const outcome = checkBounds(ms, ifSeen(window.complete, uncertain), { below: wanted.below });
  const reason = outcome === "fail" ? `${name} in ${window.name} was ${formatDuration(ms)}, not below ${formatDuration(wanted.below)}` : notToItsEnd(window);
  const longest = slowest(ok, evidenceMax).sort((a, b) => latencyMs(a) - latencyMs(b));
  return objective(outcome, observed, bound, reason, longest.slice(-evidenceMax).reverse().map(evidenceOf));
}

/** The longest time without an acknowledged write. Takes all operations, since the last acknowledgement may come before the window. */
export function judgeUnavailability(operations: readonly Operation[], window: SeenWindow, wantedMs: number): Objective {
  const bound = `at most ${formatDuration(wantedMs)} without a write`;
  const longest = longestOutage(unavailability(operations, window));
  const attempted = operations.some((each) => isWrite(each) && contains(window, each.intendedNs / 1e6));
  if (longest === undefined && !attempted) return { ...nothing(bound, window), reason: `no write was attempted in ${window.name}` };
  const lastedMs = longest === undefined ? 0 : longest.endMs - longest.startMs;
  const observed = `longest without a write ${formatDuration(lastedMs)}`;
  const outcome = checkBounds(lastedMs, { notLess: true, notMore: window.complete }, { "at-most": wantedMs });
  const reason = outcome === "fail" ? `no write was acknowledged for ${formatDuration(lastedMs)}, from ${formatDuration(longest?.startMs ?? 0)} on` : notToItsEnd(window);
  const evidence: Evidence[] = longest === undefined ? [] : [{ kind: "window", atMs: longest.startMs, endMs: longest.endMs, text: outageText(longest) }];
  return objective(outcome, observed, bound, reason, evidence);
}

/**
 * The time from the window's start to the last operation that was not ok, by intended start, or
 * that was due and never sent. Not recovered is what ends with only such: the last ten attempts,
 * or all of the last second.
 */
export function judgeRecovery(operations: readonly Operation[], missed: readonly Missed[], window: SeenWindow, wantedMs: number): Objective {
  const bound = `recovered within ${formatDuration(wantedMs)}`;
  if (operations.length === 0) return nothing(bound, window);
  const inOrder = [...operations].sort((a, b) => a.intendedNs - b.intendedNs);
  const lastBad = inOrder.findLast(({ outcome }) => outcome !== "ok");
  const lastMissedMs = Math.max(-Infinity, ...missed.filter(({ atMs }) => contains(window, atMs)).map(({ atMs }) => atMs));
  const lastBadMs = Math.max(lastMissedMs, lastBad === undefined ? -Infinity : lastBad.intendedNs / 1e6);
  if (lastBadMs === -Infinity) {
    const observed = `recovered at once: all ${counted(operations.length, "operation")} begun in ${window.name} ended ok`;
    return objective(window.complete ? "pass" : "inconclusive", observed, bound, notToItsEnd(window), [allOf(operations, window)]);
  }
  const bad = inOrder.filter(({ outcome }) => outcome !== "ok").slice(-evidenceMax).reverse().map(evidenceOf);
  const neverSent: Evidence[] = lastMissedMs === -Infinity ? [] : [{ kind: "window", atMs: lastMissedMs, text: "an operation was due and never sent, as all clients were waiting" }];
  // The last one first: it is what the bound is held against.
  const evidence = [...neverSent, ...bad].sort((a, b) => b.atMs - a.atMs);
  const tookMs = lastBadMs - window.startMs;
  const late = checkBounds(tookMs, { notLess: true, notMore: window.complete }, { "at-most": wantedMs });
  if (stillFailing(inOrder, window)) {
    const observed = `still failing after ${formatDuration(tookMs)}`;
    const outcome = window.complete ? "fail" : late;
    return objective(outcome, observed, bound, `operations still failed at the end of ${window.name}`, evidence);
  }
  const observed = `recovered after ${formatDuration(tookMs)}`;
  const reason = late === "fail" ? `the last operation that was not ok was due ${formatDuration(tookMs)} into ${window.name}` : notToItsEnd(window);
  return objective(late, observed, bound, reason, evidence);
}

const lastAttempts = 10;
const lastStretchMs = 1_000;

function stillFailing(inOrder: readonly Operation[], window: SeenWindow): boolean {
  const bad = ({ outcome }: Operation): boolean => outcome !== "ok";
  const lastSecond = inOrder.filter(({ intendedNs }) => intendedNs / 1e6 >= window.endMs - lastStretchMs);
  const lastTen = inOrder.slice(-lastAttempts);
  return (lastTen.length === lastAttempts && lastTen.every(bad)) || (lastSecond.length > 0 && lastSecond.every(bad));
}

function nothing(bound: string, window: SeenWindow): Objective {
  return objective("inconclusive", "no operations", bound, `no operation was meant to start in ${window.name}`, []);
}

/** Why what was seen of a window that was cut short is not all. */
export function notToItsEnd({ name }: SeenWindow): string {
  return `${name} was not seen to its end`;
}

/** The reason is left out of a pass. */
function objective(outcome: Outcome, observed: string, bound: string, reason: string, evidence: readonly Evidence[]): Objective {
  return { outcome, observed, bound, ...(outcome === "pass" ? {} : { reason }), evidence };
}

/** An operation as evidence. */
export function evidenceOf(operation: Operation): Evidence {
  const { op, member, outcome, error, intendedNs, returnNs } = operation;
  const end = outcome === "ok" ? "ok" : `${outcome === "info" ? "unknown" : outcome}${error === undefined ? "" : `: ${excerpt(error, 120)}`}`;
  return { kind: "operation", atMs: intendedNs / 1e6, endMs: returnNs / 1e6, member, text: `${op} ${excerpt(subjectText(operation), 60)} on ${member}: ${end} after ${formatDuration(latencyMs(operation))}` };
}
