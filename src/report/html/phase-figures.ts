import { writingKinds, type Outage } from "../../analysis/availability.ts";
import type { Missed } from "../../analysis/missed.ts";
import { quantilesOf } from "../../analysis/latency.ts";
import { contains } from "../../analysis/windows.ts";
import { operationKinds } from "../../recording/decode.ts";
import { latencyMs, type Operation, type OperationKind } from "../../recording/operation.ts";
import type { PhaseWindow } from "../../recording/recording.ts";

/** Operations of one kind that were meant to start in one phase. Latencies are those of the ok ones. */
export interface PhaseFigures {
  readonly phase: PhaseWindow;
  readonly op: OperationKind;
  readonly ok: number;
  readonly fail: number;
  readonly info: number;
  readonly p50Ms: number | undefined;
  readonly p95Ms: number | undefined;
  readonly p99Ms: number | undefined;
  readonly maxMs: number | undefined;
  /** Longest stretch without an acknowledged write, for writes; of the part that lies in the phase. */
  readonly longestOutageMs: number | undefined;
}

interface Tally {
  ok: number;
  fail: number;
  info: number;
  readonly latenciesMs: number[];
}

const noTally = (): Tally => ({ ok: 0, fail: 0, info: 0, latenciesMs: [] });

/** Figures of each phase and kind of operation, in order of the phases and of the kinds; kinds that never occur have no row. */
export function phaseFigures(phases: readonly PhaseWindow[], operations: readonly Operation[], outages: readonly Outage[]): PhaseFigures[] {
  const kinds = [...kindsMeantIn(phases, operations)].sort((a, b) => operationKinds.indexOf(a) - operationKinds.indexOf(b));
  const tallies = new Map(phases.map((phase) => [phase, new Map(kinds.map((kind) => [kind, noTally()]))] as const));
  for (const operation of operations) {
    const phase = phaseAt(phases, operation.intendedNs / 1e6);
    const tally = phase === undefined ? undefined : tallies.get(phase)?.get(operation.op);
    if (tally === undefined) continue;
    tally[operation.outcome] += 1;
    if (operation.outcome === "ok") tally.latenciesMs.push(latencyMs(operation));
  }
  return phases.flatMap((phase) =>
    [...(tallies.get(phase) ?? [])].map(([op, { ok, fail, info, latenciesMs }]): PhaseFigures => {
      const [p50Ms, p95Ms, p99Ms, maxMs] = quantilesOf(latenciesMs, [0.5, 0.95, 0.99, 1]);
      return { phase, op, ok, fail, info, p50Ms, p95Ms, p99Ms, maxMs, longestOutageMs: writingKinds.has(op) ? longestWithin(outages, phase) : undefined };
    }),
  );
}

/** Kinds that some phase has: those of the reads after the load's end alone have no figures. */
function kindsMeantIn(phases: readonly PhaseWindow[], operations: readonly Operation[]): Set<OperationKind> {
  const kinds = new Set<OperationKind>();
  for (const { op, intendedNs } of operations) if (!kinds.has(op) && phaseAt(phases, intendedNs / 1e6) !== undefined) kinds.add(op);
  return kinds;
}

/** The phase that a moment belongs to: phases hold their start, not their end. */
export function phaseAt(phases: readonly PhaseWindow[], atMs: number): PhaseWindow | undefined {
  return phases.find((phase) => contains(phase, atMs));
}

function longestWithin(outages: readonly Outage[], { startMs, endMs }: PhaseWindow): number {
  return outages.reduce((longest, outage) => Math.max(longest, Math.min(outage.endMs, endMs) - Math.max(outage.startMs, startMs)), 0);
}

/** Ok and all operations, those never sent among them, by the member to be asked and the phase they were meant to start in. */
export interface MemberShare {
  readonly member: string;
  readonly phases: readonly { readonly ok: number; readonly due: number }[];
}

export function memberShares(phases: readonly PhaseWindow[], operations: readonly Operation[], missed: readonly Missed[]): MemberShare[] {
  const shares = new Map<string, { ok: number; due: number }[]>();
  const cellAt = (member: string, atMs: number): { ok: number; due: number } | undefined => {
    const index = phases.findIndex((phase) => contains(phase, atMs));
    if (index < 0) return undefined;
    const known = shares.get(member);
    if (known !== undefined) return known[index];
    const row = phases.map(() => ({ ok: 0, due: 0 }));
    shares.set(member, row);
    return row[index];
  };
  for (const { member, intendedNs, outcome } of operations) {
    const cell = cellAt(member, intendedNs / 1e6);
    if (cell === undefined) continue;
    cell.due += 1;
    if (outcome === "ok") cell.ok += 1;
  }
  for (const { member, atMs, count } of missed) {
    const cell = cellAt(member, atMs);
    if (cell !== undefined) cell.due += count;
  }
  return [...shares].map(([member, cells]) => ({ member, phases: cells })).sort((a, b) => a.member.localeCompare(b.member));
}

/** An error that clients saw, with how often and how the operation ended by it. */
export interface ClientError {
  readonly text: string;
  readonly outcome: "fail" | "info";
  readonly times: number;
  readonly firstMs: number;
  readonly lastMs: number;
}

const distinctErrorsMax = 5_000;

/** Errors of operations, most frequent first. Beyond some thousands of different texts, new ones are not told apart. */
export function clientErrors(operations: readonly Operation[]): ClientError[] {
  const errors = new Map<string, { text: string; outcome: "fail" | "info"; times: number; firstMs: number; lastMs: number }>();
  for (const { outcome, error, returnNs } of operations) {
    if (outcome === "ok") continue;
    const text = (error ?? "no error recorded").slice(0, 300);
    const atMs = returnNs / 1e6;
    const known = `${outcome} ${text}`;
    const key = errors.has(known) || errors.size < distinctErrorsMax ? known : `${outcome} others`;
    const entry = errors.get(key) ?? { text: key === known ? text : "other errors", outcome, times: 0, firstMs: atMs, lastMs: atMs };
    entry.times += 1;
    entry.firstMs = Math.min(entry.firstMs, atMs);
    entry.lastMs = Math.max(entry.lastMs, atMs);
    errors.set(key, entry);
  }
  return [...errors.values()].sort((a, b) => b.times - a.times);
}
