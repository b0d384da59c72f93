import protobuf from "protobufjs";

/** What of OpenTelemetry is taken, and what one asks a receiver for it. */
export const signals = {
  traces: { path: "/v1/traces", service: "opentelemetry.proto.collector.trace.v1.TraceService", message: "TraceRequest", list: "resourceSpans" },
  logs: { path: "/v1/logs", service: "opentelemetry.proto.collector.logs.v1.LogsService", message: "LogsRequest", list: "resourceLogs" },
} as const;
export type Signal = keyof typeof signals;

/** OTLP's messages by their numbers on the wire, as far as what they hold is kept; names beside those of fields are our own. */
const messages = protobuf.parse(`
  syntax = "proto3";
  message TraceRequest { repeated ResourceSpans resource_spans = 1; }
  message ResourceSpans { Resource resource = 1; repeated ScopeSpans scope_spans = 2; string schema_url = 3; }
  message ScopeSpans { Scope scope = 1; repeated Span spans = 2; string schema_url = 3; }
  message Span {
    bytes trace_id = 1; bytes span_id = 2; string trace_state = 3; bytes parent_span_id = 4; fixed32 flags = 16;
    string name = 5; int32 kind = 6; fixed64 start_time_unix_nano = 7; fixed64 end_time_unix_nano = 8;
    repeated KeyValue attributes = 9; uint32 dropped_attributes_count = 10;
    repeated Event events = 11; uint32 dropped_events_count = 12;
    repeated Link links = 13; uint32 dropped_links_count = 14; Status status = 15;
  }
  message Event { fixed64 time_unix_nano = 1; string name = 2; repeated KeyValue attributes = 3; uint32 dropped_attributes_count = 4; }
  message Link { bytes trace_id = 1; bytes span_id = 2; string trace_state = 3; repeated KeyValue attributes = 4; uint32 dropped_attributes_count = 5; fixed32 flags = 6; }
  message Status { string message = 2; int32 code = 3; }
  message LogsRequest { repeated ResourceLogs resource_logs = 1; }
  message ResourceLogs { Resource resource = 1; repeated ScopeLogs scope_logs = 2; string schema_url = 3; }
  message ScopeLogs { Scope scope = 1; repeated LogRecord log_records = 2; string schema_url = 3; }
  message LogRecord {
    fixed64 time_unix_nano = 1; fixed64 observed_time_unix_nano = 11; int32 severity_number = 2; string severity_text = 3;
    AnyValue body = 5; repeated KeyValue attributes = 6; uint32 dropped_attributes_count = 7;
    fixed32 flags = 8; bytes trace_id = 9; bytes span_id = 10; string event_name = 12;
  }
  message Resource { repeated KeyValue attributes = 1; uint32 dropped_attributes_count = 2; }
  message Scope { string name = 1; string version = 2; repeated KeyValue attributes = 3; uint32 dropped_attributes_count = 4; }
  message KeyValue { string key = 1; AnyValue value = 2; }
  message AnyValue {
    oneof value {
      string string_value = 1; bool bool_value = 2; int64 int_value = 3; double double_value = 4;
      ArrayValue array_value = 5; KeyValueList kvlist_value = 6; bytes bytes_value = 7;
    }
  }
  message ArrayValue { repeated AnyValue values = 1; }
  message KeyValueList { repeated KeyValue values = 1; }
`).root;

/**
 * A request in OTLP's protobuf, as OTLP's JSON has it: 64-bit numbers as text, ids in hexadecimal.
 * @throws what protobufjs throws for bytes that are no such message
 */
export function fromProtobuf(signal: Signal, bytes: Uint8Array): object {
  const type = messages.lookupType(signals[signal].message);
  return inJson(type.toObject(type.decode(bytes), { longs: String, bytes: Array }));
}

/**
 * A request in OTLP's JSON; undefined for what is not one of this signal.
 * @throws SyntaxError for what is no JSON
 */
export function fromJson(signal: Signal, text: string): object | undefined {
  const value: unknown = JSON.parse(text);
  return typeof value === "object" && value !== null && signals[signal].list in value ? value : undefined;
}

const ids = new Set(["traceId", "spanId", "parentSpanId"]);

/** protobufjs's own JSON has base64 where OTLP has hexadecimal ids. */
function inJson(message: object): object {
  return Object.fromEntries(Object.entries(message).map(([key, value]: [string, unknown]) => [key, fieldInJson(key, value)]));
}

function fieldInJson(key: string, value: unknown): unknown {
  if (ids.has(key) && Array.isArray(value)) return Buffer.from(value).toString("hex");
  if (key === "bytesValue" && Array.isArray(value)) return Buffer.from(value).toString("base64");
  if (Array.isArray(value)) return value.map((each: unknown) => (isObject(each) ? inJson(each) : each));
  return isObject(value) ? inJson(value) : value;
}

function isObject(value: unknown): value is object {
  return typeof value === "object" && value !== null;
}
