import { faultWindows, type FaultWindow } from "../analysis/fault-windows.ts";
import { leaderships } from "../analysis/leadership.ts";
import type { Recording } from "../recording/recording.ts";
import { distinct, type Feature } from "./feature.ts";
import { pairName } from "./intended.ts";

/** What a run did cover, as far as etcd and the faults' own proofs tell. */
export function coveredFeatures(recording: Recording): Feature[] {
  const faults = faultWindows(recording).filter(({ effectiveMs }) => effectiveMs !== undefined);
  return distinct([
    ...faults.map(({ kind }): Feature => ({ of: "fault", name: kind })),
    ...pairs(faults).map(([one, other]): Feature => ({ of: "pair of faults", name: pairName(one.kind, other.kind) })),
    ...faults.flatMap((fault) => roles(recording, fault)),
    ...transitions(recording, faults).map((name): Feature => ({ of: "transition", name })),
    ...recording.logs.filter(({ level }) => level !== "debug").map(({ msg }): Feature => ({ of: "log message", name: messageShape(msg) })),
    ...metricsMoved(recording).map((name): Feature => ({ of: "metric", name })),
  ]);
}

/** Those that were in force at one time. */
function pairs(faults: readonly FaultWindow[]): [FaultWindow, FaultWindow][] {
  return faults.flatMap((one, index) => faults.slice(index + 1).filter((other) => overlap(one, other)).map((other): [FaultWindow, FaultWindow] => [one, other]));
}

function overlap(one: FaultWindow, other: FaultWindow): boolean {
  return (one.effectiveMs ?? Infinity) < (other.healingMs ?? Infinity) && (other.effectiveMs ?? Infinity) < (one.healingMs ?? Infinity);
}

/** Whether those that it hit led or followed when it began. */
function roles(recording: Recording, { kind, targets, requestedMs }: FaultWindow): Feature[] {
  const leader = leaderships(recording).filter(({ firstSeenMs }) => firstSeenMs <= requestedMs).at(-1)?.leader;
  return targets.map((target) => ({ of: "role of the target", name: `${kind} on the ${target === leader ? "leader" : "follower"}` }));
}

/** What etcd says when it passes from one state to another; the words are those of 3.3 to 3.5. */
const said: readonly (readonly [name: string, pattern: RegExp])[] = [
  ["snapshot sent", /sent (?:database )?snapshot|start to send database snapshot|sending database snapshot|finished sending database snapshot/],
  ["snapshot applied", /applied snapshot|finished applying incoming snapshot|restored snapshot|saved database snapshot/],
  ["raft log compacted", /compacted raft logs?/i],
  ["learner promoted", /promoted? (?:a )?learner|promote member/i],
  ["member removed", /removed (?:a )?member/],
  ["leader stepped down without a quorum", /quorum is not active/],
  ["leadership handed over", /transfer(?:red|ring)? leadership|leadership transfer/i],
  ["read index retried", /waiting for ReadIndex response took too long/],
  ["alarm raised", /alarm raised|raised? alarm/i],
];

function transitions(recording: Recording, faults: readonly FaultWindow[]): string[] {
  const messages = recording.logs.map(({ msg }) => msg);
  const led = leaderships(recording);
  const within = ({ effectiveMs = Infinity, healingMs = Infinity }: FaultWindow, atMs: number): boolean => atMs >= effectiveMs && atMs <= healingMs;
  const compactions = recording.operations.filter(({ op, outcome }) => op === "compact" && outcome === "ok").map(({ returnNs }) => returnNs / 1e6);
  return [
    ...said.filter(([, pattern]) => messages.some((msg) => pattern.test(msg))).map(([name]) => name),
    ...faults.filter((fault) => led.slice(1).some(({ firstSeenMs }) => within(fault, firstSeenMs))).map(({ kind }) => `new leader during ${kind}`),
    ...faults.filter((fault) => fault.kind !== "compact" && compactions.some((atMs) => within(fault, atMs))).map(({ kind }) => `compaction during ${kind}`),
    ...(recording.watches.some((response) => response.kind === "canceled" && response.compactRevision !== undefined) ? ["watch ended by a compaction"] : []),
    ...(recording.watches.some(({ kind }) => kind === "cut") ? ["watch cut and resumed"] : []),
    ...faults.filter((fault) => recording.watches.some(({ kind, atNs }) => kind === "events" && within(fault, atNs / 1e6))).map(({ kind }) => `changes told during ${kind}`),
  ];
}

const shapeMaxCharacters = 80;

/** A message without what differs from run to run, so that the same line of etcd's source is the same message. */
export function messageShape(msg: string): string {
  return msg
    .replaceAll(/"[^"]*"|\[[^\]]*\]|\([^)]*\)/g, "…")
    .replaceAll(/\b[0-9a-f]{8,}\b/g, "#")
    .replaceAll(/\d+(?:\.\d+)*(?:[µmn]?s)?/g, "#")
    .replaceAll(/(?:[#.:/-]*#){2,}/g, "#")
    .slice(0, shapeMaxCharacters)
    .trim();
}

/** etcd's own metrics that were ever above zero. */
function metricsMoved({ metrics }: Recording): string[] {
  return metrics.names.filter((name) => name.startsWith("etcd_") && !name.endsWith("_bucket") && metrics.series(name).some(({ points }) => points.some(({ value = 0 }) => value > 0)));
}
