import type { ReadableLogRecord } from "@opentelemetry/sdk-logs";
import type { ResourceMetrics } from "@opentelemetry/sdk-metrics";
import type { ReadableSpan } from "@opentelemetry/sdk-trace";
import type { Protocol } from "./settings.ts";

/** What every exporter of the library answers. */
interface ExportResult {
  readonly code: number;
  readonly error?: Error;
}

/** An exporter of the library, as far as it is used. */
interface Exporter<Batch> {
  export(batch: Batch, done: (result: ExportResult) => void): void;
}

interface Options {
  readonly timeoutMillis: number;
}

/*
 * Loaded when they are needed: most runs export nothing. Each reads the endpoint, headers, compression and certificates from
 * the standard variables.
 */

/** The exporter of traces for a protocol. */
export async function traceExporter(protocol: Protocol, options: Options): Promise<Exporter<ReadableSpan[]>> {
  const { OTLPTraceExporter } = await (protocol === "http/json" ? import("@opentelemetry/exporter-trace-otlp-http") : import("@opentelemetry/exporter-trace-otlp-proto"));
  return new OTLPTraceExporter(options);
}

/** The exporter of log records for a protocol. */
export async function logExporter(protocol: Protocol, options: Options): Promise<Exporter<ReadableLogRecord[]>> {
  const { OTLPLogExporter } = await (protocol === "http/json" ? import("@opentelemetry/exporter-logs-otlp-http") : import("@opentelemetry/exporter-logs-otlp-proto"));
  return new OTLPLogExporter(options);
}

/** The exporter of metrics for a protocol. */
export async function metricExporter(protocol: Protocol, options: Options): Promise<Exporter<ResourceMetrics>> {
  const { OTLPMetricExporter } = await (protocol === "http/json" ? import("@opentelemetry/exporter-metrics-otlp-http") : import("@opentelemetry/exporter-metrics-otlp-proto"));
  return new OTLPMetricExporter(options);
}

/** Sends one batch; resolves with what went wrong, or undefined. */
export function send<Batch>(exporter: Exporter<Batch>, batch: Batch): Promise<string | undefined> {
  return new Promise((resolve) => exporter.export(batch, ({ code, error }) => resolve(code === 0 ? undefined : wordsOf(error))));
}

function wordsOf(error: Error | undefined): string {
  if (error === undefined) return "it was not taken";
  // Of several addresses that were tried, the first says enough.
  const [first] = error instanceof AggregateError ? error.errors : [error];
  return first instanceof Error && first.message !== "" ? first.message : error.name;
}
