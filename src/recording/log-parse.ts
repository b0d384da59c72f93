import type { LogLine } from "./log-line.ts";

/** What can be read from a line of a log by itself. */
export interface ParsedLogLine extends Omit<LogLine, "atMs" | "member"> {
  /** Milliseconds since 1970, with microseconds where the line has them; undefined for a line without a time. */
  readonly wallMs: number | undefined;
}

/**
 * A line of etcd's log: zap's JSON (3.4 on, with `--logger=zap`), capnslog's text (3.3, and 3.4 by default),
 * or anything else that a process writes: a panic's stack trace, grpc's own warnings. Never fails:
 * what cannot be read has an empty level, and the whole line for a message.
 *
 * Times in text lines have no zone and are taken for UTC: runtimes start members with TZ=UTC.
 */
export function parseLogLine(raw: string): ParsedLogLine {
  return parseZap(raw) ?? parseCapnslog(raw) ?? { wallMs: undefined, level: "", msg: raw, fields: {}, raw };
}

function parseZap(raw: string): ParsedLogLine | undefined {
  if (!raw.startsWith("{")) return undefined;
  let parsed: unknown;
  try {
    parsed = JSON.parse(raw);
  } catch {
    return undefined;
  }
  if (!isRecord(parsed)) return undefined;
  return { wallMs: zapTime(parsed.ts), level: textOf(parsed.level), msg: textOf(parsed.msg), fields: parsed, raw };
}

/** ISO 8601 with an offset in etcd's own settings; seconds since 1970 in zap's production default. */
function zapTime(ts: unknown): number | undefined {
  if (typeof ts === "number") return ts * 1000;
  return typeof ts === "string" ? isoTime(ts) : undefined;
}

const iso = /^(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d)(\.\d+)?(?:Z|([+-])(\d\d):?(\d\d))$/;

/** `Date.parse` would drop the microseconds, and need not know offsets without a colon, which zap writes. */
function isoTime(text: string): number | undefined {
  const [, seconds, fraction = "0", sign, hours = "0", minutes = "0"] = iso.exec(text) ?? [];
  if (seconds === undefined) return undefined;
  const offsetMs = (Number(hours) * 60 + Number(minutes)) * 60_000 * (sign === "-" ? -1 : 1);
  const wallMs = Date.parse(`${seconds}Z`) - offsetMs + Number(fraction) * 1000;
  return Number.isNaN(wallMs) ? undefined : wallMs;
}

const capnslog = /^(\d{4}-\d\d-\d\d) (\d\d:\d\d:\d\d\.\d+) ([CEWNIDT]) \| (.*)$/;
const capnslogLevels: Readonly<Record<string, string>> = {
  C: "fatal",
  E: "error",
  W: "warn",
  N: "info",
  I: "info",
  D: "debug",
  T: "debug",
};

/** `2018-05-01 12:00:00.123456 I | raft: …`; its levels get zap's names. */
function parseCapnslog(raw: string): ParsedLogLine | undefined {
  const [, day, time, letter = "", msg = ""] = capnslog.exec(raw) ?? [];
  if (day === undefined) return undefined;
  return { wallMs: isoTime(`${day}T${time}Z`), level: capnslogLevels[letter] ?? "", msg, fields: {}, raw };
}

function textOf(value: unknown): string {
  return typeof value === "string" ? value : "";
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
