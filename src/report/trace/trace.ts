import { faultWindows, type FaultWindow } from "../../analysis/fault-windows.ts";
import { leaderships, roleLanes } from "../../analysis/leadership.ts";
import { runWindow } from "../../analysis/windows.ts";
import type { Results } from "../../judge/results.ts";
import { answerText } from "../../recording/answer-text.ts";
import { briefText } from "../../recording/operation-brief.ts";
import { requestText } from "../../recording/operation-text.ts";
import { latencyMs, type Operation } from "../../recording/operation.ts";
import type { Recording } from "../../recording/recording.ts";
import { loadBins } from "../load-bins.ts";
import { chosenOperations } from "./chosen-operations.ts";
import { counter, groupNamed, inOrder, instant, slice, trackNamed, type Args, type TraceEvent, type Track } from "./event.ts";

/** Groups of tracks, in the order in which they are shown. */
const groups = { harness: 1, faults: 2, members: 3, load: 4, clients: 5 } as const;

const operationsMax = 5_000;
/** Of anything else: a run has fewer, but for one that is out of its mind. */
const eachMax = 2_000;

/** `trace.json`: the run for Perfetto and chrome://tracing, bounded; what is left out is said in its `metadata`. */
export function renderTrace(recording: Recording, results: Results): string {
  const { operations, because } = chosenOperations(recording, results, operationsMax);
  const parts = [harness(recording, results), faults(recording), members(recording), load(recording), clients(operations)];
  const { info } = recording;
  const left = parts.reduce((sum, { length }) => sum + Math.max(0, length - partMax), 0);
  const metadata = {
    scenario: info.scenario, run: info.id, seed: info.seed, etcd: info.etcd.version, runtime: info.runtime.kind, started: info.startedAt,
    outcome: results.outcome, replay: results.replay,
    operations: `${operations.length} of ${recording.operations.length} are drawn: ${because}`,
    latency: "a bin without acknowledged operations has no latency; viewers then go on drawing the one before",
    leftOut: left === 0 ? "nothing else" : `${left} events beyond ${partMax} of a group`,
  };
  const events = inOrder(parts.flatMap((part) => part.slice(0, partMax)));
  return `{"displayTimeUnit":"ms","metadata":${JSON.stringify(metadata)},"traceEvents":[\n${events.map((event) => JSON.stringify(event)).join(",\n")}\n]}\n`;
}

const partMax = 4 * operationsMax;

function harness({ phases, events }: Recording, { assertions }: Results): TraceEvent[] {
  const pid = groups.harness;
  const [phaseTrack, noteTrack, violationTrack] = [{ pid, tid: 1 }, { pid, tid: 2 }, { pid, tid: 3 }] as const;
  const notes = events.flatMap((event) => {
    if (event.type === "note") return [instant(noteTrack, { name: event.text, cat: event.level, atMs: event.atMs })];
    if (event.type === "workload") return [instant(noteTrack, { name: `workload ${event.state}`, cat: "workload", atMs: event.atMs, ...(event.detail === undefined ? {} : { args: { detail: event.detail } }) })];
    return event.type === "interrupted" ? [instant(noteTrack, { name: `interrupted by ${event.signal}`, cat: "harness", atMs: event.atMs, scope: "g" })] : [];
  });
  const violations = assertions.flatMap(({ title, verdict: { outcome, evidence } }) => (outcome === "fail" ? evidence.map(({ atMs, text, member }) => instant(violationTrack, { name: title, cat: "violation", atMs, args: { evidence: text, ...(member === undefined ? {} : { member }) } })) : []));
  return [
    ...groupNamed(groups.harness, "harness"),
    ...trackNamed(phaseTrack, "phases"),
    ...trackNamed(noteTrack, "notes"),
    ...trackNamed(violationTrack, "violations"),
    ...phases.map(({ name, startMs, endMs }) => slice(phaseTrack, { name, cat: "phase", startMs, endMs })),
    ...notes.slice(0, eachMax),
    ...violations.slice(0, eachMax),
  ];
}

/** Each fault on a track of its own: several may be in force at once. */
function faults(recording: Recording): TraceEvent[] {
  const { endMs } = runWindow(recording);
  const windows = faultWindows(recording).slice(0, eachMax);
  return [...groupNamed(groups.faults, "faults"), ...windows.flatMap((window, index) => faultEvents({ pid: groups.faults, tid: index + 1 }, window, endMs))];
}

function faultEvents(track: Track, { fault, kind, title, targets, because, requestedMs, effectiveMs, healingMs, healedMs, outcome, proofs, error }: FaultWindow, runEndMs: number): TraceEvent[] {
  const endMs = Math.max(healedMs ?? healingMs ?? runEndMs, effectiveMs ?? requestedMs, requestedMs);
  const inForceMs = effectiveMs === undefined ? [] : [slice(track, { name: "in effect", cat: kind, startMs: effectiveMs, endMs: Math.min(healingMs ?? endMs, endMs), args: { proofs: proofs.injected.map(({ text }) => text).join("; ") } })];
  return [
    ...trackNamed(track, fault),
    slice(track, { name: `${title}: ${targets.join(", ")}`, cat: kind, startMs: requestedMs, endMs, args: { outcome, because, ...(error === undefined ? {} : { error }), healed: proofs.healed.map(({ text }) => text).join("; ") } }),
    ...inForceMs,
  ];
}

function members(recording: Recording): TraceEvent[] {
  const names = recording.info.members.map(({ name }) => name);
  // A leader that is none of the members has the track before theirs.
  const trackOf = (member: string): Track => ({ pid: groups.members, tid: names.indexOf(member) + 1 });
  const roles = roleLanes(recording).flatMap(({ member, stretches }) =>
    stretches.map(({ startMs, endMs, role, term }) => slice(trackOf(member), { name: role, cat: "role", startMs, endMs, ...(term === undefined ? {} : { args: { term } }) })),
  );
  const lives = recording.events.flatMap((event) => (event.type === "member" ? [instant(trackOf(event.member), { name: event.state, cat: "member", atMs: event.atMs, ...(event.detail === undefined ? {} : { args: { detail: event.detail } }) })] : []));
  const leaders = leaderships(recording).map(({ leader, term, firstSeenMs, text }) => instant(trackOf(leader), { name: `${leader} leads at term ${term}`, cat: "leader", atMs: firstSeenMs, scope: "p", args: { seen: text } }));
  return [
    ...groupNamed(groups.members, "members"),
    ...["others", ...names].flatMap((name) => trackNamed(trackOf(name), name)),
    ...leaders.slice(0, eachMax),
    ...lives.slice(0, eachMax),
    ...roles.slice(0, eachMax),
  ];
}

/** Operations a second, and latencies of those that were acknowledged. */
function load(recording: Recording): TraceEvent[] {
  const { endMs, binMs, throughput, latency } = loadBins(recording);
  const perSecond = (count: number): number => (count * 1_000) / binMs;
  const rates = throughput.map(({ startMs: atMs, ok, fail, info }) => counter(groups.load, "operations per second", atMs, { ok: perSecond(ok), fail: perSecond(fail), unknown: perSecond(info) }));
  const latencies = latency.flatMap(({ startMs: atMs, quantilesMs: [p50, p99] }) => (p50 === undefined || p99 === undefined ? [] : [counter(groups.load, "latency (ms)", atMs, { p50, p99 })]));
  const end = rates.length === 0 ? [] : [counter(groups.load, "operations per second", endMs, { ok: 0, fail: 0, unknown: 0 })];
  return [...groupNamed(groups.load, "load"), ...rates, ...latencies, ...end];
}

/** A client has one operation at a time; where it seems to have two, the second has a track of its own. */
function clients(operations: readonly Operation[]): TraceEvent[] {
  const tracks: { readonly client: number; freeNs: number }[] = [];
  const drawn = operations.map((operation) => {
    const { client, invokeNs, returnNs } = operation;
    let tid = tracks.findIndex((track) => track.client === client && track.freeNs <= invokeNs);
    if (tid < 0) tid = tracks.push({ client, freeNs: 0 }) - 1;
    const track = tracks[tid];
    if (track !== undefined) track.freeNs = Math.max(invokeNs, returnNs);
    return slice({ pid: groups.clients, tid: tid + 1 }, { name: briefText(operation), cat: operation.outcome, startMs: invokeNs / 1e6, endMs: returnNs / 1e6, args: operationArgs(operation) });
  });
  return [...groupNamed(groups.clients, "clients"), ...tracks.flatMap(({ client }, index) => trackNamed({ pid: groups.clients, tid: index + 1 }, `client ${client}`)), ...drawn];
}

function operationArgs(operation: Operation): Args {
  const { outcome, member, error, revision } = operation;
  const answer = outcome === "ok" ? answerText(operation) : (error ?? "");
  return { request: requestText(operation), outcome, member, "latency (ms)": Math.round(latencyMs(operation) * 1e3) / 1e3, ...(answer === "" ? {} : { answer }), ...(revision === undefined ? {} : { revision }) };
}
