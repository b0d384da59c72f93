import { createHash } from "node:crypto";
import { TraceFlags, type HrTime, type SpanContext } from "@opentelemetry/api";
import type { Resource } from "@opentelemetry/resources";
import type { Results } from "../judge/results.ts";
import type { Recording } from "../recording/recording.ts";

/** A judged run that is to be told by OpenTelemetry. */
export interface ExportedRun {
  readonly recording: Recording;
  readonly results: Results;
  /** Who tells it. */
  readonly resource: Resource;
  /** When it was judged, on the run's clock: for a run that was judged at its end. */
  readonly judging?: { readonly startMs: number; readonly endMs: number } | undefined;
}

export const scope = { name: "etcd-chaos" };

/** The span of the run as a whole, of which all others are children. */
export const rootSpan = "run";

/**
 * Names a span of a run. Ids follow from the run and the span's own path, so that a run that is exported again is the same
 * trace again and no other one.
 */
export function spanContextOf({ recording: { info } }: ExportedRun, path: string): SpanContext {
  const run = `${info.scenario}/${info.id}`;
  return { traceId: digest(run).slice(0, 32), spanId: digest(`${run}#${path}`).slice(0, 16), traceFlags: TraceFlags.SAMPLED };
}

function digest(text: string): string {
  return createHash("sha256").update(text).digest("hex");
}

/** A time on the run's clock as seconds and nanoseconds since 1970. */
export function hrTime({ recording: { info } }: ExportedRun, atMs: number): HrTime {
  const [startMs, atUs] = [Date.parse(info.startedAt), Math.round(atMs * 1e3)];
  const us = (startMs % 1e3) * 1e3 + atUs;
  const seconds = Math.floor(us / 1e6);
  return [Math.floor(startMs / 1e3) + seconds, (us - seconds * 1e6) * 1e3];
}

/** When the run had come to its end, the removal of its cluster too. */
export function endOf({ recording: { info, events } }: ExportedRun): number {
  const laps = info.breakdown.reduce((sum, { tookMs }) => sum + tookMs, 0);
  return Math.max(info.endedMs ?? 0, laps, ...events.slice(-1).map(({ atMs }) => atMs));
}

/** What a run is told by wherever it is told. */
export function runAttributes({ recording: { info }, results }: ExportedRun) {
  return { "etcd_chaos.scenario": info.scenario, "etcd_chaos.run.id": info.id, "etcd_chaos.outcome": results.outcome };
}
