import type { Evidence } from "../../../assertions/verdict.ts";
import { excerptsAround, type Excerpt } from "../../analysis/log-excerpts.ts";
import type { LogLine } from "../../recording/log-line.ts";
import type { Recording } from "../../recording/recording.ts";
import { clip } from "../text.ts";
import { bestMatch } from "./evidence.ts";
import type { Limits } from "./limits.ts";

/** A log line as the page shows it. */
export interface LogRow {
  /** Anchor in the page. */
  readonly id: string;
  readonly atMs: number;
  readonly member: string;
  readonly level: string;
  readonly msg: string;
  /** The line's other fields: `took=1.09s peer-id=91bc…`. */
  readonly fields: string;
  readonly telling: boolean;
  /** Time passed that is not shown before this line. */
  readonly gapBefore: boolean;
  /** Lines of the same member that say the same, soon after: they are told here, not shown. */
  readonly repeated: { readonly times: number; readonly untilMs: number };
}

export interface LogRows {
  readonly rows: readonly LogRow[];
  /** Lines near events that are neither shown nor told as repetitions. */
  readonly left: number;
}

const around = { beforeMs: 400, afterMs: 1_000 } as const;
const momentsMax = 200;
/** How many lines are looked at, repetitions among them. */
const linesMax = 5_000;
const gapMs = 500;
const fieldsMax = 160;
const usual: ReadonlySet<string> = new Set(["level", "ts", "caller", "msg", "logger"]);

/** The lines that evidence points at, and lines of all members near it and near these moments, in order of time. */
export function logRows(recording: Recording, evidence: readonly Evidence[], momentsMs: readonly number[], limits: Limits): LogRows {
  const moments = [...evidence.map(({ atMs }) => atMs).slice(0, momentsMax / 2), ...momentsMs].slice(0, momentsMax);
  const pinned = new Set(evidence.slice(0, limits.logLines / 2).flatMap((each) => bestMatch(recording.logs, each) ?? []));
  const excerpts = excerptsAround(recording, moments, { ...around, mostLines: linesMax }).filter(({ line }) => !pinned.has(line));
  const drafts = [...[...pinned].map((line) => single(line, true)), ...folded(excerpts)].slice(0, limits.logLines);
  const sorted = drafts.sort((a, b) => a.line.atMs - b.line.atMs);
  const rows = sorted.map(({ line, telling, times, untilMs }, index): LogRow => {
    const before = sorted[index - 1]?.line.atMs;
    const gapBefore = before !== undefined && line.atMs - before > gapMs;
    return { ...rowOf(line, limits.text), id: `l${index + 1}`, telling, gapBefore, repeated: { times, untilMs } };
  });
  const shown = sorted.reduce((lines, { times }) => lines + 1 + times, 0);
  return { rows, left: Math.max(0, near(recording.logs, moments) - shown) };
}

interface Draft {
  readonly line: LogLine;
  readonly telling: boolean;
  times: number;
  untilMs: number;
}

function single(line: LogLine, telling: boolean): Draft {
  return { line, telling, times: 0, untilMs: line.atMs };
}

/** Kinds of lines of which a member under stress writes hundreds; one of them tells as much as all. */
const repetitive: ReadonlySet<Excerpt["tag"]> = new Set(["slow", "peer", "warning", "other"]);

/** Excerpts, most telling first as given, with repetitions folded into the first of them. */
function folded(excerpts: readonly Excerpt[]): Draft[] {
  const drafts = new Map<Excerpt, Draft>();
  const open = new Map<string, Draft>();
  for (const excerpt of [...excerpts].sort((a, b) => a.line.atMs - b.line.atMs)) {
    const { line, tag } = excerpt;
    // Numbers differ between lines that say the same: `trace[318776713] range`.
    const key = `${line.member} ${line.msg.slice(0, 200).replace(/\d+/g, "0")}`;
    const before = open.get(key);
    if (repetitive.has(tag) && before !== undefined && line.atMs - before.untilMs <= around.afterMs) {
      before.times += 1;
      before.untilMs = line.atMs;
      continue;
    }
    const draft = single(line, excerpt.telling && tag !== "slow");
    drafts.set(excerpt, draft);
    open.set(key, draft);
  }
  return excerpts.flatMap((excerpt) => drafts.get(excerpt) ?? []);
}

function rowOf(line: LogLine, textMax: number) {
  const { atMs, member, level, msg } = line;
  return { atMs, member, level: clip(level, 20), msg: clip(msg, textMax), fields: clip(fieldsText(line), Math.min(fieldsMax, textMax)) };
}

function fieldsText({ fields }: LogLine): string {
  const more = Object.entries(fields).filter(([name]) => !usual.has(name));
  return more.map(([name, value]) => `${name}=${typeof value === "string" ? value : JSON.stringify(value)}`).join(" ");
}

/** A line's message with its other fields. */
export function lineText(line: LogLine): string {
  return `${line.msg} ${fieldsText(line)}`.trimEnd();
}

/** How many lines lie near any of the moments. */
function near(logs: readonly LogLine[], momentsMs: readonly number[]): number {
  return logs.filter(({ atMs }) => momentsMs.some((moment) => atMs >= moment - around.beforeMs && atMs <= moment + around.afterMs)).length;
}
