import { closeSync, fstatSync, fsyncSync, openSync, readSync, writeSync } from "node:fs";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { HarnessError, messageOf } from "../errors.ts";
import { errnoOf } from "../process.ts";
import { entrySchema, type Entry } from "./entry.ts";

/** The file in a folder of reports that has a line for each run. */
export const ledgerFile = "history.jsonl";

/** All runs that are kept in a folder of reports. */
export interface Ledger {
  /** One for each run, by the time of its start; a run that was judged again as it was judged last. */
  readonly entries: readonly Entry[];
  /** Numbers of lines that cannot be read, and why; they are left out. */
  readonly damaged: readonly { readonly line: number; readonly because: string }[];
  /** How much of the file was read. */
  readonly bytes: number;
}

/**
 * Adds a line. It is written in one call to a file that is open for appending, which Linux does as one step, so that two
 * runs that end at once both find their lines whole. A last line that was torn by the end of its writer is closed first.
 *
 * @throws HarnessError `environment` where it cannot be written
 */
export function appendEntry(reportsFolder: string, entry: Entry): void {
  const path = join(reportsFolder, ledgerFile);
  try {
    const file = openSync(path, "a+");
    try {
      const line = Buffer.from(`${endsInLine(file) ? "" : "\n"}${JSON.stringify(entry)}\n`);
      const written = writeSync(file, line);
      if (written < line.length) throw new Error(`only ${written} of ${line.length} bytes were taken`);
      fsyncSync(file);
    } finally {
      closeSync(file);
    }
  } catch (error) {
    throw new HarnessError("environment", `${path} cannot be written: ${messageOf(error)}`, { cause: error });
  }
}

function endsInLine(file: number): boolean {
  const { size } = fstatSync(file);
  if (size === 0) return true;
  const last = Buffer.alloc(1);
  readSync(file, last, 0, 1, size - 1);
  return last[0] === 10;
}

/**
 * Reads all lines; undefined where there is no such file.
 *
 * @throws HarnessError `recording` where there is one that cannot be read
 */
export async function readLedger(reportsFolder: string): Promise<Ledger | undefined> {
  const path = join(reportsFolder, ledgerFile);
  const bytes = await readFile(path).catch((error: unknown) => {
    if (errnoOf(error) === "ENOENT") return undefined;
    throw new HarnessError("recording", `${path} cannot be read: ${messageOf(error)}`, { cause: error });
  });
  return bytes === undefined ? undefined : { ...parseLedger(bytes.toString("utf8")), bytes: bytes.length };
}

/** What the text of such a file says. */
export function parseLedger(text: string): Pick<Ledger, "entries" | "damaged"> {
  const entries = new Map<string, Entry>();
  const damaged: { line: number; because: string }[] = [];
  for (const [index, line] of text.split("\n").entries()) {
    if (line === "") continue;
    const parsed = parseEntry(line);
    if (typeof parsed === "string") damaged.push({ line: index + 1, because: parsed });
    else entries.set(`${parsed.scenario}/${parsed.id}`, parsed);
  }
  return { entries: byStart([...entries.values()]), damaged };
}

/** An entry, or why a line is none. */
function parseEntry(line: string): Entry | string {
  let value: unknown;
  try {
    value = JSON.parse(line);
  } catch {
    return "it is not JSON, as when its writer was killed";
  }
  const { data, error } = entrySchema.safeParse(value);
  const [issue] = error?.issues ?? [];
  return data ?? `${issue?.path.join(".") ?? ""}: ${issue?.message ?? "not an entry"}`;
}

/** By the time of their start, oldest first. */
export function byStart(entries: readonly Entry[]): Entry[] {
  return [...entries].sort((a, b) => (a.startedAt < b.startedAt ? -1 : a.startedAt > b.startedAt ? 1 : a.id < b.id ? -1 : a.id > b.id ? 1 : 0));
}
