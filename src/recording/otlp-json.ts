import type { RunEvent } from "./events.ts";
import { isLoose, isString } from "./loose.ts";
import { isSeverity, type SpanStatus, type Telemetry, type TelemetryEntry, type TelemetryItem, type TelemetryLog, type TelemetrySpan } from "./telemetry.ts";
import { WallClockMap } from "./wall-clock.ts";

/**
 * Spans and log records of what came, on the run's clock. OTLP's JSON may have been written by anyone: what of it cannot be
 * read is left out and told among the gaps.
 */
export function telemetryOf(entries: readonly TelemetryEntry[], events: readonly RunEvent[]): Telemetry {
  const clocks = events.filter((event) => event.type === "clock");
  // One map for each time, since telemetry comes in no order of its times.
  const onRunClock = (wallMs: number): number => new WallClockMap(clocks).toRunMs(wallMs);
  const spans: TelemetrySpan[] = [];
  const logs: TelemetryLog[] = [];
  const gaps: string[] = [];
  for (const entry of entries) {
    if ("missing" in entry) gaps.push(`${entry.from}: ${entry.missing}`);
    if (!("otlp" in entry)) continue;
    let unread = 0;
    const keep = <Item>(list: Item[], item: Item | undefined): void => void (item === undefined ? (unread += 1) : list.push(item));
    for (const { item, resource } of itemsOf(entry.otlp, "resourceSpans", "scopeSpans", "spans")) keep(spans, spanOf(item, resource, onRunClock));
    for (const { item, resource } of itemsOf(entry.otlp, "resourceLogs", "scopeLogs", "logRecords")) keep(logs, logOf(item, resource, onRunClock));
    if (unread > 0) gaps.push(`${entry.from}: ${unread} of the spans or records of one request could not be read`);
  }
  const opened = entries.filter((entry) => "opened" in entry);
  const etcdShare = opened.find((entry) => entry.etcdShare !== undefined)?.etcdShare;
  return { sources: opened.map(({ from }) => from), ...(etcdShare === undefined ? {} : { etcdShare }), gaps, spans: byTime(spans), logs: byTime(logs) };
}

type Attributes = Readonly<Record<string, string>>;

interface Found {
  readonly item: unknown;
  readonly resource: Attributes;
}

/** Every span, or every record, with the attributes of its resource. */
function itemsOf(otlp: object, resources: string, scopes: string, items: string): Found[] {
  return listIn(otlp, resources).flatMap((group) => {
    const resource = attributesOf(valueIn(valueIn(group, "resource"), "attributes"));
    return listIn(group, scopes).flatMap((scope) => listIn(scope, items).map((item) => ({ item, resource })));
  });
}

function spanOf(value: unknown, resource: Attributes, onRunClock: (wallMs: number) => number): TelemetrySpan | undefined {
  const name = valueIn(value, "name");
  const [startNs, endNs] = [nanoseconds(valueIn(value, "startTimeUnixNano")), nanoseconds(valueIn(value, "endTimeUnixNano"))];
  if (!isString(name) || startNs === undefined || endNs === undefined || endNs < startNs) return undefined;
  const status = valueIn(value, "status");
  return {
    ...commonOf(value, resource, onRunClock(milliseconds(startNs))),
    name,
    durationMs: milliseconds(endNs - startNs),
    status: statusOf(valueIn(status, "code")),
    statusText: textOf(valueIn(status, "message")),
    traceId: textOf(valueIn(value, "traceId")),
  };
}

function logOf(value: unknown, resource: Attributes, onRunClock: (wallMs: number) => number): TelemetryLog | undefined {
  // Some senders leave out the time of what happened, and say only when they heard of it.
  const ns = nanoseconds(valueIn(value, "timeUnixNano")) ?? nanoseconds(valueIn(value, "observedTimeUnixNano"));
  if (ns === undefined) return undefined;
  const severity = valueIn(value, "severityNumber") ?? 0;
  return {
    ...commonOf(value, resource, onRunClock(milliseconds(ns))),
    severity: isSeverity(severity) ? severity : 0,
    severityText: textOf(valueIn(value, "severityText")),
    body: anyText(valueIn(value, "body")),
  };
}

function commonOf(value: unknown, resource: Attributes, atMs: number): TelemetryItem {
  return { atMs, service: resource["service.name"] ?? "", attributes: { ...resource, ...attributesOf(valueIn(value, "attributes")) } };
}

const statusByCode = new Map<unknown, SpanStatus>([[1, "ok"], [2, "error"], ["STATUS_CODE_OK", "ok"], ["STATUS_CODE_ERROR", "error"]]);

function statusOf(code: unknown): SpanStatus {
  return statusByCode.get(code) ?? "unset";
}

function attributesOf(list: unknown): Attributes {
  const pairs = Array.isArray(list) ? list : [];
  return Object.fromEntries(pairs.flatMap((pair: unknown) => (isString(valueIn(pair, "key")) ? [[valueIn(pair, "key"), anyText(valueIn(pair, "value"))]] : [])));
}

/** OTLP wraps each value by its type: `{ "intValue": "5" }`. */
function anyText(value: unknown): string {
  const bare = bareValue(value);
  return isString(bare) ? bare : bare === undefined ? "" : JSON.stringify(bare);
}

function bareValue(value: unknown): unknown {
  if (!isLoose<Record<string, unknown>>(value)) return undefined;
  const [[key, inner] = ["", undefined]] = Object.entries(value);
  switch (key) {
    case "intValue":
      // A number as text, since JSON's would not hold all of them.
      return Number.isSafeInteger(Number(inner)) ? Number(inner) : inner;
    case "arrayValue":
      return listIn(inner, "values").map(bareValue);
    case "kvlistValue":
      return Object.fromEntries(listIn(inner, "values").map((pair) => [textOf(valueIn(pair, "key")), bareValue(valueIn(pair, "value"))]));
    default:
      return inner;
  }
}

/** Nanoseconds since 1970, as text or a number; undefined for 0 too, which stands for unknown. */
function nanoseconds(value: unknown): bigint | undefined {
  const text = typeof value === "number" ? value.toFixed(0) : isString(value) ? value : "";
  return /^[1-9]\d{0,19}$/.test(text) ? BigInt(text) : undefined;
}

/** Exact to the nanosecond where they are few, and to a fraction of a microsecond where they are a date. */
function milliseconds(ns: bigint): number {
  return Number(ns / 1_000_000n) + Number(ns % 1_000_000n) / 1e6;
}

function listIn(value: unknown, key: string): unknown[] {
  const list = valueIn(value, key);
  return Array.isArray(list) ? list : [];
}

function valueIn(value: unknown, key: string): unknown {
  return isLoose<Record<string, unknown>>(value) && Object.hasOwn(value, key) ? value[key] : undefined;
}

function textOf(value: unknown): string {
  return isString(value) ? value : "";
}

function byTime<Item extends TelemetryItem>(list: Item[]): Item[] {
  return list.sort((a, b) => a.atMs - b.atMs);
}
