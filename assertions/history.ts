import { z } from "zod";

import { counterexampleOfRun } from "../src/check/counterexample.ts";
import type { Finding } from "../src/check/finding.ts";
import { wholeUntil } from "../src/check/whole-until.ts";
import { answerText } from "../src/recording/answer-text.ts";
import { requestText } from "../src/recording/operation-text.ts";
import { isKind, type Operation, type OperationOf } from "../src/recording/operation.ts";
import type { Recording } from "../src/recording/recording.ts";
import { remembered } from "../src/remembered.ts";
import { formatDuration } from "../src/units/duration.ts";
import type { Evidence, Verdict } from "./verdict.ts";
import { counted, excerpt, figure } from "./words.ts";

/** An option of assertions over the history: fewer say nothing. */
export const atLeast = (what: string, fewest = 100) => z.number().int().min(1).default(fewest).meta({ description: `With fewer ${what} it is inconclusive.` });

/**
 * Judges a history as a whole, as far as it is one: an operation that was not written down may explain anything.
 *
 * @param fitting one of what it is about: `acknowledged write`
 * @param tooFew why it says too little, if it does
 * @param tell what was observed where all is well, instead of how many fit together
 */
export function judgeHistory(
  recording: Recording,
  bound: string,
  fitting: string,
  tooFew: (operations: readonly Operation[]) => string | undefined,
  check: (operations: readonly Operation[]) => Finding,
  tell?: (operations: readonly Operation[]) => string,
): Verdict {
  const operations = wholeHistory(recording);
  if (typeof operations === "string") return { outcome: "inconclusive", observed: "no whole history", bound, reason: operations, evidence: [] };
  const finding = check(operations);
  // What is wrong is wrong, however little there is.
  if (finding.kind === "violated") return violated(finding, operations, bound);
  const reason = tooFew(operations) ?? (finding.kind === "unknown" ? finding.because : undefined);
  const observed = finding.kind === "ok" ? (tell?.(operations) ?? `${counted(finding.checked, fitting)} fit together`) : `${figure(finding.checked)} of ${counted(finding.of, "operation")} looked at`;
  const evidence = [spanOf(operations)].filter((each) => each !== undefined);
  return reason === undefined ? { outcome: "pass", observed, bound, evidence } : { outcome: "inconclusive", observed, bound, reason, evidence };
}

/** How many of a history's operations, of those that are meant, were acknowledged. */
export function acknowledged(operations: readonly Operation[], isMeant: (operation: Operation) => boolean = () => true): number {
  return operations.reduce((count, operation) => (operation.outcome === "ok" && isMeant(operation) ? count + 1 : count), 0);
}

/**
 * Whether all keys were read through some member when the load had ended: to the last page, and of each workload.
 *
 * @param from where only the keys of one workload matter, the first that it may have
 */
export function wereReadAtEnd(operations: readonly Operation[], from?: string): boolean {
  const reads = operations.filter(isKind("range")).filter(({ final }) => final === true);
  const ends = new Set(reads.filter(({ key, end }) => from === undefined || (key <= from && from < end)).map(({ end }) => end));
  const isLast = ({ outcome, kvs = [], limit = Infinity }: OperationOf<"range">): boolean => outcome === "ok" && kvs.length < limit;
  return ends.size > 0 && [...ends].every((end) => reads.some((each) => each.end === end && isLast(each)));
}

/** The history, or why it is not whole. */
export function wholeHistory({ events, info, operations, phases, defects }: Recording): readonly Operation[] | string {
  const damage = defects.find((defect) => defect.startsWith("history.jsonl"));
  if (damage !== undefined) return damage;
  if (operations.length === 0) return "there are no operations";
  if (events.some((event) => event.type === "workload" && event.state === "stopped")) return operations;
  // A look at a run that goes on is at a moment of which all has been written.
  const last = phases.at(-1);
  const failed = events.some((event) => event.type === "workload" && event.state === "failed");
  if (info.status === "interrupted" && !failed && last !== undefined) return wholeUntil(operations, last.endMs * 1e6);
  return "the load did not end in order, so that operations may be missing which were under way";
}

const evidenceMax = 10;

function violated(finding: Extract<Finding, { kind: "violated" }>, all: readonly Operation[], bound: string): Verdict {
  const { rule, sentence, operations, illegal } = finding;
  const shown = operations.length <= evidenceMax ? operations : [...operations.filter((operation) => operation !== illegal).slice(0, evidenceMax - 1), illegal];
  return { outcome: "fail", observed: `${rule}, in ${counted(all.length, "operation")}`, bound, reason: sentence, evidence: shown.map(operationEvidence), counterexample: counterexampleOfRun(finding) };
}

/** An operation, as a line of evidence. */
export function operationEvidence(operation: Operation): Evidence {
  const { process, member, outcome, revision, error, invokeNs, returnNs } = operation;
  const end = outcome === "ok" ? [`ok at revision ${revision ?? "unknown"}`, answerText(operation)].filter((each) => each !== "").join(", ") : `${outcome === "info" ? "unknown" : outcome}${error === undefined ? "" : `: ${excerpt(error, 120)}`}`;
  return { kind: "operation", atMs: invokeNs / 1e6, endMs: returnNs / 1e6, member, text: `${excerpt(requestText(operation), 160)} by process ${process} on ${member}: ${end} after ${formatDuration((returnNs - invokeNs) / 1e6)}` };
}

const spanOf = remembered((operations: readonly Operation[]): Evidence | undefined => {
  const [first] = operations;
  if (first === undefined) return undefined;
  const revision = operations.reduce((highest, each) => Math.max(highest, each.revision ?? 0), 0);
  const endMs = operations.reduce((latest, each) => Math.max(latest, each.returnNs), 0) / 1e6;
  return { kind: "window", atMs: first.invokeNs / 1e6, endMs, text: `${counted(operations.length, "operation")}, ${counted(acknowledged(operations), "acknowledged one")}, up to revision ${figure(revision)}` };
});
