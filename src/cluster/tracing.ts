import type { FlagValue } from "./cluster.ts";

/** Where members send spans of their requests, by OTLP over gRPC, and of which share of them, from 0 to 1. */
export interface SpanExport {
  readonly address: string;
  readonly share: number;
}

/** What makes a member of etcd 3.5 do so. */
export function tracingFlags(member: string, spans: SpanExport | undefined): Readonly<Record<string, FlagValue>> {
  if (spans === undefined) return {};
  const prefix = "experimental-distributed-tracing";
  return {
    "experimental-enable-distributed-tracing": true,
    [`${prefix}-address`]: spans.address,
    [`${prefix}-service-name`]: "etcd",
    [`${prefix}-instance-id`]: member,
    // etcd counts in millionths.
    [`${prefix}-sampling-rate`]: Math.round(spans.share * 1e6),
  };
}

/** Why an etcd sends no spans, as the rest of a sentence; undefined where it does. */
export function whyNoSpans(version: string): string | undefined {
  const [major = 0, minor = 0, patch = 0] = version.split(".").map((part) => Number.parseInt(part, 10));
  const does = major > 3 || (major === 3 && (minor > 5 || (minor === 5 && patch >= 3)));
  return does ? undefined : `etcd ${version} cannot be told how many to send; 3.5.3 is the first that can`;
}
