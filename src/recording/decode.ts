import { runEventSchema, type RunEvent } from "./events.ts";
import { isInteger, isKeyOf, isLoose, isNumber, isOptional, isString } from "./loose.ts";
import type { Operation, OperationCommon, OperationKind, Outcome } from "./operation.ts";
import { isMachineSample, type MachineSample } from "./machine.ts";
import { isCompact } from "./operations/compact.ts";
import { isDelete, isGet, isPut, isRange } from "./operations/key-value.ts";
import { isLeaseGrant, isLeaseRemaining, isLeaseRevoke } from "./operations/lease.ts";
import { isGuardedWrite, isLockAcquire, isLockRelease } from "./operations/lock.ts";
import { isTxn } from "./operations/txn.ts";
import { isPromqlAnswer, type PromqlAnswer } from "./promql.ts";
import type { HashSample, HealthSample, MetricsSample, StatusSample } from "./samples.ts";
import { isWatchResponse, type WatchResponse } from "./watch.ts";

/*
 * One decoder for each kind of line: a parsed line, or undefined when it is not what it should be.
 * They are written by hand, except for the few events, since a run has up to millions of lines.
 * Keys that are not known are let through, so that newer recordings can be read.
 */

export type Decode<T> = (value: unknown) => T | undefined;

/** A line of `events.jsonl`; undefined for what is none. */
export const decodeEvent: Decode<RunEvent> = (value) => runEventSchema.safeParse(value).data;

/** An operation of a history; undefined for what is not one as docs/history.md has it. */
export const decodeOperation: Decode<Operation> = (value) => (isOperation(value) ? value : undefined);

export const decodeWatch: Decode<WatchResponse> = (value) => (isWatchResponse(value) ? value : undefined);

/** A line of `status.jsonl`. */
export const decodeAnswer: Decode<StatusSample | HealthSample | HashSample> = (value) =>
  isStatus(value) || isHealth(value) || isHash(value) ? value : undefined;

export const decodeMachine: Decode<MachineSample> = (value) => (isMachineSample(value) ? value : undefined);
export const decodePromql: Decode<PromqlAnswer> = (value) => (isPromqlAnswer(value) ? value : undefined);

export const decodeMetrics: Decode<MetricsSample> = (value) => (isMetrics(value) ? value : undefined);

/** What each kind's line has beside what all have. */
const operationShapes: { readonly [Kind in OperationKind]: (line: object) => boolean } = {
  put: isPut,
  get: isGet,
  range: isRange,
  delete: isDelete,
  txn: isTxn,
  compact: isCompact,
  "lease-grant": isLeaseGrant,
  "lease-keep-alive": isLeaseRemaining,
  "lease-revoke": isLeaseRevoke,
  "lease-time-to-live": isLeaseRemaining,
  "lock-acquire": isLockAcquire,
  "lock-release": isLockRelease,
  "guarded-write": isGuardedWrite,
};
/** The name of every kind of operation. */
export const operationKinds: readonly string[] = Object.keys(operationShapes);

const outcomes: Readonly<Record<Outcome, true>> = { ok: true, fail: true, info: true };

function isOperation(value: unknown): value is Operation {
  if (!isLoose<OperationCommon & { op: unknown }>(value)) return false;
  const { process, client, member, op, intendedNs, invokeNs, returnNs, outcome } = value;
  return (
    isInteger(process) && isInteger(client) && isString(member) && isKeyOf(operationShapes, op) && operationShapes[op](value) &&
    isNumber(intendedNs) && isNumber(invokeNs) && isNumber(returnNs) && returnNs >= invokeNs && isKeyOf(outcomes, outcome) &&
    isOptional(isInteger, value.revision) && isOptional(isString, value.error) && isOptional((final) => final === true, value.final)
  );
}

function isStatus(value: unknown): value is StatusSample {
  if (!isLoose<Extract<StatusSample, { ok: true }> & { error: string }>(value)) return false;
  if (value.kind !== "status" || !isNumber(value.atMs) || !isString(value.member)) return false;
  if (value.ok === false) return isString(value.error);
  const { leader, term, revision, raftIndex, appliedIndex } = value;
  return (
    value.ok === true && (leader === null || isString(leader)) &&
    isInteger(term) && isInteger(revision) && isInteger(raftIndex) && isInteger(appliedIndex)
  );
}

function isHealth(value: unknown): value is HealthSample {
  if (!isLoose<HealthSample>(value)) return false;
  const { kind, atMs, member, serializable, healthy, tookMs, reason } = value;
  return (
    kind === "health" && isNumber(atMs) && isString(member) && typeof serializable === "boolean" &&
    typeof healthy === "boolean" && isNumber(tookMs) && isOptional(isString, reason)
  );
}

function isHash(value: unknown): value is HashSample {
  if (!isLoose<Extract<HashSample, { ok: true }> & Extract<HashSample, { ok: false }>>(value)) return false;
  const { kind, atMs, member, atRevision, ok, hash, compactRevision, revision, error, learner } = value;
  if (kind !== "hash" || !isNumber(atMs) || !isString(member) || !isInteger(atRevision)) return false;
  if (ok === false) return isString(error) && isOptional((said) => said === true, learner);
  return ok === true && isInteger(hash) && isInteger(compactRevision) && isInteger(revision);
}

function isMetrics(value: unknown): value is MetricsSample {
  if (!isLoose<{ atMs: number; member: string; full: boolean; values: object; error: string }>(value)) return false;
  if (!isNumber(value.atMs) || !isString(value.member)) return false;
  if (value.error !== undefined) return isString(value.error);
  const { full, values } = value;
  return typeof full === "boolean" && typeof values === "object" && values !== null && Object.values(values).every(isNumber);
}
