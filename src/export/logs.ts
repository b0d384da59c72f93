import { SeverityNumber, type AnyValueMap } from "@opentelemetry/api-logs";
import type { ReadableLogRecord } from "@opentelemetry/sdk-logs";
import type { FaultEvent, RunEvent } from "../recording/events.ts";
import { endOf, hrTime, rootSpan, runAttributes, scope, spanContextOf, type ExportedRun } from "./exported-run.ts";
import { placeAt, placesOf } from "./places.ts";
import { faultPath } from "./spans.ts";

type Level = "INFO" | "WARN" | "ERROR";

interface Line {
  readonly atMs: number;
  readonly level: Level;
  readonly event: string;
  readonly body: string;
  readonly attributes?: AnyValueMap;
  /** The span it belongs to; that of its time when absent. */
  readonly path?: string;
}

/** What happened in the run, and its verdict, each tied to the span in which it happened. Pure. */
export function logsOf(run: ExportedRun): ReadableLogRecord[] {
  const places = placesOf(run);
  const lines = [...run.recording.events.flatMap((event) => lineOf(event)), ...verdictLines(run)];
  return lines.map((line) => readable(run, line, line.path ?? placeAt(places, line.atMs)));
}

function lineOf(event: RunEvent): Line[] {
  const { atMs } = event;
  switch (event.type) {
    case "phase":
      return [{ atMs, level: "INFO", event: "phase", body: `phase ${event.phase} ${event.state}` }];
    case "fault":
      return [faultLine(event)];
    case "member":
      return [{ atMs, level: "INFO", event: "member", body: `${event.member} ${event.state}${detailOf(event)}`, attributes: { "etcd_chaos.member": event.member } }];
    case "workload":
      return [{ atMs, level: event.state === "failed" ? "ERROR" : "INFO", event: "workload", body: `workload ${event.state}${detailOf(event)}` }];
    case "note":
      return [{ atMs, level: event.level === "warning" ? "WARN" : "INFO", event: "note", body: event.text }];
    case "interrupted":
      return [{ atMs, level: "WARN", event: "interrupted", body: `interrupted by ${event.signal}` }];
    case "clock":
    case "missed":
      return [];
  }
}

function detailOf({ detail }: { readonly detail?: string | undefined }): string {
  return detail === undefined ? "" : `: ${detail}`;
}

const levels: Readonly<Partial<Record<FaultEvent["state"], Level>>> = { ineffective: "WARN", unhealed: "WARN", failed: "ERROR" };

function faultLine(event: FaultEvent): Line {
  const { atMs, fault, kind, state } = event;
  const said = state === "requested" ? `${event.title} on ${event.targets.join(", ")}, as ${event.because}` : state === "failed" ? event.error : "proofs" in event ? event.proofs.map(({ text }) => text).join("; ") : "";
  return {
    atMs,
    level: levels[state] ?? "INFO",
    event: "fault",
    body: `fault ${fault} ${state}${detailOf({ detail: said || undefined })}`,
    attributes: { "etcd_chaos.fault.id": fault, "etcd_chaos.fault.kind": kind, "etcd_chaos.fault.state": state },
    path: faultPath(fault),
  };
}

const levelOf = { pass: "INFO", fail: "ERROR", inconclusive: "WARN" } as const;

function verdictLines(run: ExportedRun): Line[] {
  const { outcome, sentence, assertions } = run.results;
  const atMs = run.judging?.endMs ?? endOf(run);
  const asserted = assertions.map(({ title, verdict, expected }): Line => ({
    atMs,
    // A known bug that shows itself as expected is no trouble.
    level: expected === true ? "INFO" : levelOf[verdict.outcome],
    event: "assertion",
    body: `${verdict.outcome}: ${title}: ${verdict.observed}, asked for ${verdict.bound}${detailOf({ detail: verdict.reason })}`,
    attributes: { "etcd_chaos.assertion.title": title, "etcd_chaos.assertion.outcome": verdict.outcome },
    path: rootSpan,
  }));
  return [...asserted, { atMs, level: levelOf[outcome], event: "verdict", body: `${outcome}: ${sentence}`, path: rootSpan }];
}

function readable(run: ExportedRun, { atMs, level, event, body, attributes }: Line, path: string): ReadableLogRecord {
  return {
    hrTime: hrTime(run, atMs),
    hrTimeObserved: hrTime(run, atMs),
    spanContext: spanContextOf(run, path),
    severityText: level,
    severityNumber: SeverityNumber[level],
    eventName: `etcd_chaos.${event}`,
    body,
    resource: run.resource,
    instrumentationScope: scope,
    attributes: { ...runAttributes(run), ...attributes },
    droppedAttributesCount: 0,
  };
}
