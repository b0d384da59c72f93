import { runEventSchema, type RunEvent } from "./events.ts";
import type { Operation, OperationKind, Outcome } from "./operation.ts";
import type { HealthSample, MetricsSample, StatusSample } from "./samples.ts";

/*
 * One decoder for each kind of line: a parsed line, or undefined when it is not what it should be.
 * They are written by hand, except for the few events, since a run has up to millions of lines.
 * Keys that are not known are let through, so that newer recordings can be read.
 */

export type Decode<T> = (value: unknown) => T | undefined;

export const decodeEvent: Decode<RunEvent> = (value) => runEventSchema.safeParse(value).data;

export const decodeOperation: Decode<Operation> = (value) => (isOperation(value) ? value : undefined);

export const decodeStatusOrHealth: Decode<StatusSample | HealthSample> = (value) =>
  isStatus(value) || isHealth(value) ? value : undefined;

export const decodeMetrics: Decode<MetricsSample> = (value) => (isMetrics(value) ? value : undefined);

const operationKinds: Readonly<Record<OperationKind, true>> = { put: true, get: true };
const outcomes: Readonly<Record<Outcome, true>> = { ok: true, fail: true, info: true };

function isOperation(value: unknown): value is Operation {
  if (!isLoose<Operation>(value)) return false;
  const { process, client, member, op, key, intendedNs, invokeNs, returnNs, outcome } = value;
  return (
    isInteger(process) && isInteger(client) && isString(member) && isKeyOf(operationKinds, op) && isString(key) &&
    (value.value === undefined || value.value === null || isString(value.value)) &&
    isNumber(intendedNs) && isNumber(invokeNs) && isNumber(returnNs) && returnNs >= invokeNs && isKeyOf(outcomes, outcome) &&
    isOptional(isInteger, value.revision) && isOptional(isInteger, value.modRevision) &&
    isOptional(isInteger, value.createRevision) && isOptional(isString, value.error)
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

function isMetrics(value: unknown): value is MetricsSample {
  if (!isLoose<{ atMs: number; member: string; full: boolean; values: object; error: string }>(value)) return false;
  if (!isNumber(value.atMs) || !isString(value.member)) return false;
  if (value.error !== undefined) return isString(value.error);
  const { full, values } = value;
  return typeof full === "boolean" && typeof values === "object" && values !== null && Object.values(values).every(isNumber);
}

/** An object any key of which may be missing or be anything: what `in` and `typeof` have yet to show. */
type Loose<T> = { readonly [Key in keyof T]?: unknown };

function isLoose<T>(value: unknown): value is Loose<T> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function isString(value: unknown): value is string {
  return typeof value === "string";
}

function isNumber(value: unknown): value is number {
  return typeof value === "number" && Number.isFinite(value);
}

function isInteger(value: unknown): value is number {
  return Number.isSafeInteger(value);
}

function isOptional(is: (value: unknown) => boolean, value: unknown): boolean {
  return value === undefined || is(value);
}

function isKeyOf(table: object, value: unknown): boolean {
  return typeof value === "string" && Object.hasOwn(table, value);
}
