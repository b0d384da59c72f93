import { SpanKind, SpanStatusCode, TraceFlags } from "@opentelemetry/api";
import { SeverityNumber } from "@opentelemetry/api-logs";
import { resourceFromAttributes } from "@opentelemetry/resources";
import type { ReadableLogRecord } from "@opentelemetry/sdk-logs";
import type { ReadableSpan } from "@opentelemetry/sdk-trace";

const spanContext = { traceId: "0af7651916cd43dd8448eb211c80319c", spanId: "b7ad6b7169203331", traceFlags: TraceFlags.SAMPLED };
const resource = resourceFromAttributes({ "service.name": "shop", "host.name": "here" });
const scope = { name: "a test", version: "1" };
const none = { droppedAttributesCount: 0, droppedEventsCount: 0, droppedLinksCount: 0 };

/** A span of a shop, as OpenTelemetry's own SDK hands it to an exporter: from 1.5 s to 1.75 s after the beginning of 1970. */
export const shopSpan: ReadableSpan = {
  name: "checkout",
  kind: SpanKind.SERVER,
  spanContext: () => spanContext,
  parentSpanContext: { ...spanContext, spanId: "00f067aa0ba902b7" },
  startTime: [1, 500_000_000],
  endTime: [1, 750_000_001],
  duration: [0, 250_000_001],
  status: { code: SpanStatusCode.ERROR, message: "sold out" },
  attributes: { "http.route": "/pay", items: 3, price: 9.5, member: true, tags: ["a", "b"] },
  links: [{ context: { ...spanContext, spanId: "00f067aa0ba902b8" }, attributes: { why: "retry" } }],
  events: [{ name: "retried", time: [1, 600_000_000], attributes: { attempt: 2 } }],
  ended: true,
  resource,
  instrumentationScope: scope,
  ...none,
};

/** A record of the same shop, 1.6 s after the beginning of 1970. */
export const shopRecord: ReadableLogRecord = {
  hrTime: [1, 600_000_000],
  hrTimeObserved: [1, 600_000_000],
  spanContext,
  severityNumber: SeverityNumber.WARN,
  severityText: "WARN",
  body: { text: "nothing left", items: [1, 2] },
  attributes: { sku: "a-1" },
  resource,
  instrumentationScope: scope,
  droppedAttributesCount: 0,
};
