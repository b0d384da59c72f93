import { existsSync } from "node:fs";
import { readdir, readFile } from "node:fs/promises";
import { basename, join } from "node:path";

import { z } from "zod";

import { HarnessError, messageOf } from "../errors.ts";
import { errnoOf } from "../process.ts";
import { decodeEvent, decodeMetrics, decodeOperation, decodeAnswer, decodeMachine, decodePromql, decodeWatch, type Decode } from "./decode.ts";
import type { RunEvent } from "./events.ts";
import { files } from "./folder.ts";
import { readLines, type LinesRead } from "./jsonl.ts";
import type { LogLine } from "./log-line.ts";
import { parseLogLine } from "./log-parse.ts";
import { buildMetricStore } from "./metric-store.ts";
import type { Operation } from "./operation.ts";
import { telemetryOf } from "./otlp-json.ts";
import { phaseWindows } from "./phases.ts";
import type { Recording } from "./recording.ts";
import { runInfoSchema, type RunInfo } from "./run-info.ts";
import type { MetricsSample } from "./samples.ts";
import { decodeTelemetry } from "./telemetry.ts";
import { WallClockMap } from "./wall-clock.ts";

/** More log of one member is not read, so that a run with `log-level: debug` fits in memory. */
const logMaxBytes = 64 * 1024 * 1024;
/** A file that is not a recording at all should not be described line by line. */
const damageToldMax = 20;

/**
 * Reads a run's folder back. Operations are in order of invocation, everything else in order of time.
 * What is missing or damaged is left out and told in `defects`.
 *
 * @throws HarnessError "recording" when the folder is not a run's, or of another format.
 */
export async function readRecording(folder: string): Promise<Recording> {
  const info = await readRunInfo(folder);
  const defects: string[] = [];
  const events = byTime(await readJsonl(folder, files.events, decodeEvent, defects));
  const operations = await readHistory(folder, files.history, defects);
  // Only those who were asked to watch write one.
  const watched = existsSync(join(folder, files.watches));
  const watches = watched ? await readJsonl(folder, files.watches, decodeWatch, defects) : [];
  const answers = byTime(await readJsonl(folder, files.status, decodeAnswer, defects));
  // Older recordings have none.
  const machine = existsSync(join(folder, files.machine)) ? byTime(await readJsonl(folder, files.machine, decodeMachine, defects)) : [];
  const metrics = byTime(await readMetrics(folder, defects));
  const asked = existsSync(join(folder, files.promql));
  const promql = asked ? await readJsonl(folder, files.promql, decodePromql, defects) : [];
  const logs = await readLogs(folder, info, events, defects);
  // Only runs that were to take telemetry have any.
  const told = existsSync(join(folder, files.telemetry)) ? await readJsonl(folder, files.telemetry, decodeTelemetry, defects) : undefined;
  const lastSeenMs = Math.max(
    info.endedMs ?? 0,
    ...[events, answers, metrics, logs].map((list) => list.at(-1)?.atMs ?? 0),
    operations.reduce((latestNs, { returnNs }) => Math.max(latestNs, returnNs), 0) / 1e6,
  );
  const { phases, unended } = phaseWindows(events, lastSeenMs);
  for (const phase of unended) defects.push(`phase ${phase} has no end; taken to end at the last thing seen, ${lastSeenMs.toFixed(0)} ms`);
  return {
    info,
    phases,
    events,
    operations,
    watches,
    statuses: answers.filter((answer) => answer.kind === "status"),
    health: answers.filter((answer) => answer.kind === "health"),
    hashes: answers.filter((answer) => answer.kind === "hash"),
    machine,
    metrics: buildMetricStore(metrics),
    promql,
    logs,
    ...(told === undefined ? {} : { telemetry: telemetryOf(told, events) }),
    defects,
  };
}

/**
 * Reads a history alone, in order of invocation. What is damaged is left out and told in `defects`. A million
 * operations take some 400 MB.
 */
export async function readHistory(folder: string, file: string, defects: string[]): Promise<Operation[]> {
  const operations = await readJsonl(folder, file, decodeOperation, defects);
  return operations.sort((a, b) => a.invokeNs - b.invokeNs);
}

/**
 * Reads `run.json` alone.
 *
 * @throws HarnessError "recording" as `readRecording` does.
 */
export async function readRunInfo(folder: string): Promise<RunInfo> {
  const path = join(folder, files.info);
  const raw: unknown = await readFile(path, "utf8").then(JSON.parse).catch((cause: unknown) => {
    throw new HarnessError("recording", `${folder} is not the folder of a run: ${path} cannot be read: ${messageOf(cause)}`, {
      hint: "Name a folder that a run wrote: reports/<scenario>/<run>.",
      cause,
    });
  });
  const format = z.looseObject({ format: z.unknown() }).safeParse(raw).data?.format;
  if (typeof format === "number" && format !== 1) {
    throw new HarnessError("recording", `${path} has format ${format}; this version of etcd-chaos reads format 1`, {
      hint: "Judge it with the version of etcd-chaos that recorded it.",
    });
  }
  const { data, error } = runInfoSchema.safeParse(raw);
  if (data) return data;
  throw new HarnessError("recording", `${folder} is not the folder of a run: ${path} is not what a run writes: ${z.prettifyError(error)}`, {
    hint: "Name a folder that a run wrote: reports/<scenario>/<run>.",
    cause: error,
  });
}

/**
 * A damaged line may have been any member's, and later samples hold only what changed since: what it
 * said is unknown, which is what a failed scrape means.
 */
function readMetrics(folder: string, defects: string[]): Promise<MetricsSample[]> {
  const members = new Set<string>();
  const decode: Decode<MetricsSample> = (value) => {
    const sample = decodeMetrics(value);
    if (sample) members.add(sample.member);
    return sample;
  };
  return readJsonl(folder, files.metrics, decode, defects, (samples) => {
    const atMs = samples.at(-1)?.atMs ?? 0;
    for (const member of members) samples.push({ atMs, member, error: "the recording is damaged here" });
  });
}

async function readLogs(
  folder: string,
  info: RunInfo,
  events: readonly RunEvent[],
  defects: string[],
): Promise<LogLine[]> {
  const present = await readdir(join(folder, files.logs)).catch(() => []);
  const found = present.filter((file) => file.endsWith(".log")).map((file) => basename(file, ".log"));
  const members = new Set([...info.members.map(({ name }) => name), ...found.sort()]);
  const lines: LogLine[] = [];
  for (const member of members) {
    for (const line of await readLog(folder, member, events, defects)) lines.push(line);
  }
  return byTime(lines);
}

/** One member's log in its own order; a line without a time takes that of the line before. */
async function readLog(folder: string, member: string, events: readonly RunEvent[], defects: string[]): Promise<LogLine[]> {
  const lines: LogLine[] = [];
  const clock = new WallClockMap(events);
  const firstMs = events.find((event) => event.type === "member" && event.member === member)?.atMs ?? 0;
  await readFileLines(folder, join(files.logs, `${member}.log`), defects, { bytesMax: logMaxBytes }, (line) => {
    const { wallMs, ...parsed } = parseLogLine(line ?? "");
    const atMs = wallMs === undefined ? (lines.at(-1)?.atMs ?? firstMs) : clock.toRunMs(wallMs);
    lines.push({ atMs, member, ...parsed });
  });
  return lines;
}

/** Reads one JSON value a line; `onDamage` gets what was read so far for each line that is not one. */
async function readJsonl<T>(
  folder: string,
  file: string,
  decode: Decode<T>,
  defects: string[],
  onDamage: (soFar: T[]) => void = () => undefined,
): Promise<T[]> {
  const found: T[] = [];
  let damaged = 0;
  await readFileLines(folder, file, defects, {}, (line, number) => {
    const value = line === undefined ? undefined : decode(parseJson(line));
    if (value !== undefined) return void found.push(value);
    damaged += 1;
    if (damaged <= damageToldMax) defects.push(`${file}:${number} is damaged and left out`);
    onDamage(found);
  });
  if (damaged > damageToldMax) defects.push(`${file} has ${damaged - damageToldMax} more damaged lines`);
  return found;
}

/** Undefined for what is not JSON; no decoder takes it. */
function parseJson(line: string): unknown {
  try {
    return JSON.parse(line);
  } catch {
    return undefined;
  }
}

/** Reads what lines there are, and tells what is the matter with the file as a whole. */
async function readFileLines(
  folder: string,
  file: string,
  defects: string[],
  limits: { readonly bytesMax?: number },
  onLine: (line: string | undefined, number: number) => void,
): Promise<void> {
  const read: LinesRead | undefined = await readLines(join(folder, file), onLine, limits).catch((error: unknown) => {
    const code = errnoOf(error);
    if (code === undefined) throw error;
    defects.push(code === "ENOENT" ? `${file} is not there` : `${file} cannot be read: ${messageOf(error)}`);
    return undefined;
  });
  if (read?.torn) defects.push(`${file}:${read.lines + 1} is torn, as by a writer that was killed, and left out`);
  if (read?.cut) defects.push(`${file} is too large; only its first ${read.lines} lines were read`);
}

/** Stable, so that what happened at one time stays in the order in which it was written. */
function byTime<T extends { readonly atMs: number }>(list: T[]): T[] {
  return list.sort((a, b) => a.atMs - b.atMs);
}
