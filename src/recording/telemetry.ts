import { isInteger, isLoose, isNumber, isOptional, isString } from "./loose.ts";

/**
 * A line of `telemetry.jsonl`: what others told of the run by OpenTelemetry, as it came, and when it came. `from` says by
 * which way: `OTLP over HTTP`, or the name of a file.
 */
export type TelemetryEntry = { readonly atMs: number; readonly from: string } & (
  | {
      /** From now on something may come this way. */
      readonly opened: true;
      /** The members send spans of this share of their requests. */
      readonly etcdShare?: number;
    }
  | {
      /** A request to export spans or log records, in OTLP's JSON. */
      readonly otlp: object;
    }
  | {
      /** Something is not here that was sent, or was to be read, and why. */
      readonly missing: string;
    }
);

/** What others told of the run by OpenTelemetry. */
export interface Telemetry {
  /** All ways by which something could come. */
  readonly sources: readonly string[];
  /** Of which share of its requests etcd was to send spans; absent where it was not asked for any. */
  readonly etcdShare?: number;
  /** Why something may be missing. */
  readonly gaps: readonly string[];
  /** In order of their beginnings. */
  readonly spans: readonly TelemetrySpan[];
  readonly logs: readonly TelemetryLog[];
}

/** What spans and log records have in common. */
export interface TelemetryItem {
  /** On the run's clock: when a span began, or what a record tells of happened, by the wall clock of who says so. */
  readonly atMs: number;
  /** `service.name` of the resource; empty where it has none. */
  readonly service: string;
  /** Those of the resource too, where the item has none of that name; each as text. */
  readonly attributes: Readonly<Record<string, string>>;
}

export type SpanStatus = "unset" | "ok" | "error";

export interface TelemetrySpan extends TelemetryItem {
  readonly name: string;
  readonly durationMs: number;
  readonly status: SpanStatus;
  /** What is said of an error. */
  readonly statusText: string;
  /** Hexadecimal. */
  readonly traceId: string;
}

export interface TelemetryLog extends TelemetryItem {
  /** From 1 to 24 as OpenTelemetry counts; 0 where none is given. */
  readonly severity: number;
  /** In the sender's words: `WARN`. */
  readonly severityText: string;
  /** As text; JSON for what is more than that. */
  readonly body: string;
}

/** A line of `telemetry.jsonl`; undefined for what is not one. */
export function decodeTelemetry(value: unknown): TelemetryEntry | undefined {
  return isEntry(value) ? value : undefined;
}

function isEntry(value: unknown): value is TelemetryEntry {
  if (!isLoose<{ atMs: number; from: string; opened: true; etcdShare: number; otlp: object; missing: string }>(value)) return false;
  const { atMs, from, opened, etcdShare, otlp, missing } = value;
  if (!isNumber(atMs) || !isString(from)) return false;
  return opened === true ? isOptional(isNumber, etcdShare) : isLoose(otlp) || isString(missing);
}

/** OpenTelemetry's levels by the number at which each begins. */
export const severities = { trace: 1, debug: 5, info: 9, warn: 13, error: 17, fatal: 21 } as const;
export type Severity = keyof typeof severities;

/** Whether a number is one of OpenTelemetry's severities, 0 for none. */
export function isSeverity(value: unknown): value is number {
  return isInteger(value) && value >= 0 && value <= 24;
}
