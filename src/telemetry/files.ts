import { createReadStream } from "node:fs";
import { stat } from "node:fs/promises";
import { createInterface } from "node:readline";
import { messageOf } from "../errors.ts";
import { errnoOf } from "../process.ts";
import type { Intake } from "./intake.ts";

/** A file that somebody else writes during the run, and how long it was before. */
export interface WatchedFile {
  readonly path: string;
  readonly bytesBefore: number;
}

/** Sees how long files are before the run, so that what they hold of earlier ones is not read. */
export async function beforeRun(paths: readonly string[]): Promise<WatchedFile[]> {
  return Promise.all(paths.map(async (path) => ({ path, bytesBefore: await stat(path).then(({ size }) => size, () => 0) })));
}

/**
 * Takes what was written to a file since: one request a line in OTLP's JSON, as the collector's file exporter writes it. One
 * that became shorter was begun anew, and is read from its beginning.
 */
export async function takeFile({ path, bytesBefore }: WatchedFile, intake: Intake): Promise<void> {
  intake.opened(path);
  try {
    const { size } = await stat(path);
    await takeLines(path, size < bytesBefore ? 0 : bytesBefore, intake);
  } catch (error) {
    if (errnoOf(error) === undefined) throw error;
    intake.missing(path, errnoOf(error) === "ENOENT" ? "there is no such file at the end of the run" : `it cannot be read: ${messageOf(error)}`);
  }
}

async function takeLines(path: string, start: number, intake: Intake): Promise<void> {
  let unread = 0;
  let taken = 0;
  for await (const line of createInterface({ input: createReadStream(path, { start }), crlfDelay: Infinity })) {
    if (line.trim() === "") continue;
    const otlp = objectIn(line);
    if (otlp === undefined) unread += 1;
    else intake.take(path, otlp, line.length);
    taken += otlp === undefined ? 0 : 1;
  }
  if (unread > 0) intake.missing(path, `${unread} of ${unread + taken} lines are no JSON object`);
}

function objectIn(line: string): object | undefined {
  try {
    const value: unknown = JSON.parse(line);
    return typeof value === "object" && value !== null && !Array.isArray(value) ? value : undefined;
  } catch {
    return undefined;
  }
}
