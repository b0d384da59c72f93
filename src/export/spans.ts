import { SpanKind, SpanStatusCode, type Attributes, type SpanStatus } from "@opentelemetry/api";
import type { ReadableSpan } from "@opentelemetry/sdk-trace";
import { faultWindows, type FaultWindow } from "../analysis/fault-windows.ts";
import { leaderships } from "../analysis/leadership.ts";
import type { Results } from "../judge/results.ts";
import type { Proof } from "../recording/events.ts";
import { endOf, hrTime, rootSpan, runAttributes, scope, spanContextOf, type ExportedRun } from "./exported-run.ts";
import { phasePath, placeAt, placesOf, type Place } from "./places.ts";

/** Names the span of a fault. */
export function faultPath(fault: string): string {
  return `fault/${fault}`;
}

interface Sketch {
  readonly path: string;
  readonly parent?: string;
  readonly name: string;
  readonly startMs: number;
  readonly endMs: number;
  readonly attributes: Attributes;
  readonly status: SpanStatus;
  readonly events: readonly Happening[];
}

interface Happening {
  readonly name: string;
  readonly atMs: number;
  readonly attributes: Attributes;
}

const unset: SpanStatus = { code: SpanStatusCode.UNSET };
const failed = (message: string): SpanStatus => ({ code: SpanStatusCode.ERROR, message });

/** One trace: the run, and below it what it consisted of, at the times at which it happened. Pure. */
export function spansOf(run: ExportedRun): ReadableSpan[] {
  const places = placesOf(run);
  const happenings = [...leaders(run), ...members(run), ...alarms(run)];
  const sketches = [root(run, places, happenings), ...places.map((place) => placeSketch(run, place, places, happenings)), ...faultWindows(run.recording).map((fault) => faultSketch(run, fault)), ...judging(run)];
  return sketches.map((sketch) => readable(run, sketch));
}

function root(run: ExportedRun, places: readonly Place[], happenings: readonly Happening[]): Sketch {
  const { info } = run.recording;
  return {
    path: rootSpan,
    name: `run ${info.scenario}`,
    startMs: 0,
    endMs: Math.max(endOf(run), run.judging?.endMs ?? 0),
    attributes: {
      ...runAttributes(run),
      "etcd_chaos.sentence": run.results.sentence,
      "etcd_chaos.seed": info.seed,
      "etcd_chaos.status": info.status,
      "etcd_chaos.runtime": info.runtime.kind,
      "etcd_chaos.etcd.version": info.etcd.version,
      "etcd_chaos.etcd.source": info.etcd.source,
      "etcd_chaos.toxiproxy.version": info.toxiproxy.version,
      "etcd_chaos.members": info.members.length,
      "etcd_chaos.replay": info.replay,
    },
    status: statusOf(run.results),
    events: [...happenings.filter(({ atMs }) => placeAt(places, atMs) === rootSpan), ...verdicts(run)],
  };
}

function statusOf({ outcome, sentence }: Results): SpanStatus {
  if (outcome === "fail") return failed(sentence);
  return outcome === "pass" ? { code: SpanStatusCode.OK } : unset;
}

function placeSketch(run: ExportedRun, place: Place, places: readonly Place[], happenings: readonly Happening[]): Sketch {
  const attributes = place.path === "set-up" ? setUpAttributes(run) : {};
  return { ...place, parent: rootSpan, attributes, status: unset, events: happenings.filter(({ atMs }) => placeAt(places, atMs) === place.path) };
}

/** How long each step took; when it began was not recorded. */
function setUpAttributes({ recording: { info } }: ExportedRun): Attributes {
  const upTo = info.breakdown.findIndex(({ step }) => step === "timeline");
  return Object.fromEntries(info.breakdown.slice(0, Math.max(0, upTo)).map(({ step, tookMs }) => [`etcd_chaos.step.${step.replaceAll(" ", "_")}_ms`, tookMs]));
}

function faultSketch(run: ExportedRun, fault: FaultWindow): Sketch {
  const life = run.recording.events.flatMap((event) => (event.type === "fault" && event.fault === fault.fault ? [event] : []));
  const over = life.findLast(({ state }) => state === "healed" || state === "unhealed" || state === "failed");
  return {
    path: faultPath(fault.fault),
    parent: run.recording.phases.some(({ name }) => name === fault.phase) ? phasePath(fault.phase) : rootSpan,
    name: `fault ${fault.kind}`,
    startMs: fault.requestedMs,
    endMs: over?.atMs ?? Math.max(fault.requestedMs, endOf(run)),
    attributes: {
      "etcd_chaos.fault.id": fault.fault,
      "etcd_chaos.fault.kind": fault.kind,
      "etcd_chaos.fault.title": fault.title,
      "etcd_chaos.fault.targets": [...fault.targets],
      "etcd_chaos.fault.because": fault.because,
      "etcd_chaos.fault.outcome": fault.outcome,
    },
    status: faultStatus(fault),
    events: life.flatMap((event): Happening[] => [
      { name: event.state, atMs: event.atMs, attributes: event.state === "failed" ? { "etcd_chaos.error": event.error } : {} },
      ...("proofs" in event ? event.proofs.map((proof) => proofOf(proof, event.atMs)) : []),
    ]),
  };
}

function faultStatus({ outcome, error, proofs }: FaultWindow): SpanStatus {
  if (outcome === "proven") return { code: SpanStatusCode.OK };
  if (outcome === "cut-short") return unset;
  const missing = [...proofs.injected, ...proofs.healed].filter(({ holds }) => !holds).map(({ text }) => text);
  const why = error ?? missing.join("; ");
  return failed(why === "" ? outcome : `${outcome}: ${why}`);
}

function proofOf({ source, text, holds }: Proof, atMs: number): Happening {
  return { name: "proof", atMs, attributes: { "etcd_chaos.proof.source": source, "etcd_chaos.proof.text": text, "etcd_chaos.proof.holds": holds } };
}

function leaders({ recording }: ExportedRun): Happening[] {
  return leaderships(recording).map(({ leader, term, firstSeenMs: atMs, text, source }) => ({
    name: "leader",
    atMs,
    attributes: { "etcd_chaos.leader": leader, "etcd_chaos.term": term, "etcd_chaos.source": source, "etcd_chaos.text": text },
  }));
}

function members({ recording: { events } }: ExportedRun): Happening[] {
  return events.flatMap((event) => {
    if (event.type !== "member") return [];
    const detail = event.detail === undefined ? {} : { "etcd_chaos.detail": event.detail };
    return [{ name: `member ${event.state}`, atMs: event.atMs, attributes: { "etcd_chaos.member": event.member, ...detail } }];
  });
}

const alarmsMax = 100;

function alarms({ recording: { logs } }: ExportedRun): Happening[] {
  const raised = logs.filter(({ msg }) => /\balarm raised\b/.test(msg)).slice(0, alarmsMax);
  return raised.map(({ atMs, member, raw }) => ({ name: "alarm", atMs, attributes: { "etcd_chaos.member": member, "etcd_chaos.text": raw } }));
}

function judging(run: ExportedRun): Sketch[] {
  if (run.judging === undefined) return [];
  return [{ path: "judging", parent: rootSpan, name: "judging", ...run.judging, attributes: {}, status: statusOf(run.results), events: [] }];
}

/** Each assertion and assumption, with what it rests on, at the end of what was judged. */
function verdicts(run: ExportedRun): Happening[] {
  const { assertions, assumptions } = run.results;
  const atMs = run.judging?.endMs ?? endOf(run);
  const asserted = assertions.map(({ kind, title, verdict: { outcome, observed, bound, reason, evidence } }) => ({
    name: "assertion",
    atMs,
    attributes: {
      "etcd_chaos.assertion.kind": kind,
      "etcd_chaos.assertion.title": title,
      "etcd_chaos.assertion.outcome": outcome,
      "etcd_chaos.assertion.observed": observed,
      "etcd_chaos.assertion.bound": bound,
      ...(reason === undefined ? {} : { "etcd_chaos.assertion.reason": reason }),
      "etcd_chaos.assertion.evidence": evidence.map(({ atMs: when, member, text }) => `${(when / 1e3).toFixed(3)} s${member === undefined ? "" : ` ${member}`}: ${text}`),
    },
  }));
  const assumed = assumptions.map(({ title, outcome, observed }) => ({
    name: "assumption",
    atMs,
    attributes: { "etcd_chaos.assumption.title": title, "etcd_chaos.assumption.outcome": outcome, "etcd_chaos.assumption.observed": observed },
  }));
  return [...assumed, ...asserted];
}

function readable(run: ExportedRun, { path, parent, name, startMs, endMs, attributes, status, events }: Sketch): ReadableSpan {
  const [startTime, endTime] = [hrTime(run, startMs), hrTime(run, endMs)];
  const us = Math.round(endMs * 1e3) - Math.round(startMs * 1e3);
  return {
    name,
    kind: SpanKind.INTERNAL,
    spanContext: () => spanContextOf(run, path),
    ...(parent === undefined ? {} : { parentSpanContext: spanContextOf(run, parent) }),
    startTime,
    endTime,
    duration: [Math.floor(us / 1e6), (us % 1e6) * 1e3],
    status,
    attributes,
    links: [],
    events: events.map((event) => ({ name: event.name, attributes: event.attributes, time: hrTime(run, event.atMs) })),
    ended: true,
    resource: run.resource,
    instrumentationScope: scope,
    droppedAttributesCount: 0,
    droppedEventsCount: 0,
    droppedLinksCount: 0,
  };
}
