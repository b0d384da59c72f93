import { existsSync } from "node:fs";
import { readFile } from "node:fs/promises";
import { basename, dirname, join, resolve } from "node:path";
import { glob } from "tinyglobby";
import { figureOperations } from "../compare/operations.ts";
import type { Side } from "../compare/side.ts";
import { HarnessError } from "../errors.ts";
import type { Entry } from "../ledger/entry.ts";
import { entryOf } from "../ledger/entry-of.ts";
import { byStart } from "../ledger/ledger.ts";
import { reportsFolderOf } from "../ledger/reports-folder.ts";
import { isSelector, parseSelector } from "../ledger/select.ts";
import { files } from "../recording/folder.ts";
import { readRecording, readRunInfo } from "../recording/read.ts";
import type { Recording } from "../recording/recording.ts";
import { ledgerOf } from "./reports-index.ts";
import { readResults } from "../ledger/older-runs.ts";

/** The runs that one argument of `compare` names, and where the single one of them lies. */
export interface NamedSide extends Side {
  readonly reportsFolder: string | undefined;
}

/**
 * Finds what is to be compared: runs' folders, folders of a scenario's runs, patterns of either, with commas between them;
 * or conditions on the history.
 *
 * @throws HarnessError `usage` where nothing is found
 */
export async function findSide(asked: string, reportsFolder: string): Promise<NamedSide> {
  const side = isSelector(asked) ? await fromHistory(asked, reportsFolder) : await fromFolders(asked);
  if (side.entries.length > 0) return side;
  throw new HarnessError("usage", `${asked} is no run`, { hint: "Name a run's folder, a folder of runs, or conditions such as scenario=partition,@last-10; `npm run compare -- --help` says more." });
}

async function fromHistory(asked: string, reportsFolder: string): Promise<NamedSide> {
  const select = parseSelector(asked);
  const entries = select((await ledgerOf(reportsFolder)).entries);
  const [only] = entries;
  const folder = only === undefined ? undefined : join(reportsFolder, only.scenario, only.id);
  if (only === undefined || folder === undefined || entries.length > 1 || !existsSync(join(folder, files.info))) return { label: asked, entries, reportsFolder };
  const recording = await readRecording(folder);
  return { label: asked, entries: [only], operations: figureOperations(recording), reportsFolder };
}

async function fromFolders(asked: string): Promise<NamedSide> {
  const folders = await runFolders(asked);
  const [only] = folders;
  if (only !== undefined && folders.length === 1) {
    const recording = await readRecording(only);
    return { label: asked, entries: [await entryIn(only, recording)], operations: figureOperations(recording), reportsFolder: await reportsFolderOf(only, recording.info) };
  }
  const known = new Map<string, Promise<ReadonlyMap<string, Entry>>>();
  const entries: Entry[] = [];
  for (const folder of folders) entries.push(await knownEntry(folder, known) ?? (await entryIn(folder, await readRecording(folder))));
  return { label: asked, entries: byStart(entries), reportsFolder: undefined };
}

/** The history says it sooner than the recording, where the run is in it with its figures. */
async function knownEntry(folder: string, histories: Map<string, Promise<ReadonlyMap<string, Entry>>>): Promise<Entry | undefined> {
  const info = await readRunInfo(folder);
  const reportsFolder = await reportsFolderOf(folder, info);
  if (reportsFolder === undefined) return undefined;
  const history = histories.get(reportsFolder) ?? ledgerOf(reportsFolder).then(({ entries }) => new Map(entries.map((entry) => [`${entry.scenario}/${entry.id}`, entry])));
  histories.set(reportsFolder, history);
  const entry = (await history).get(`${info.scenario}/${info.id}`);
  return entry?.figures === undefined ? undefined : entry;
}

async function entryIn(folder: string, recording: Recording): Promise<Entry> {
  const results = await readResults(folder);
  if (results === undefined) throw new HarnessError("recording", `${folder} was never judged`, { hint: `npm run judge -- ${folder}` });
  const scenarioText = await readFile(join(folder, "scenario.yaml"), "utf8").catch(() => undefined);
  return entryOf(recording, results, scenarioText, { rejudged: false });
}

/** Folders that hold a run: as named, in those that are named, or `latest`. */
async function runFolders(asked: string): Promise<string[]> {
  const named = (await Promise.all(asked.split(",").map(expand))).flat();
  const runs = await Promise.all(named.map(async (folder) => (isRun(folder) ? [folder] : (await glob(`*/${files.info}`, { cwd: folder, absolute: true, followSymbolicLinks: false })).map((path) => dirname(path)))));
  return [...new Set(runs.flat().map((folder) => resolve(folder)))].sort((one, other) => basename(one).localeCompare(basename(other)));
}

/** A pattern that the shell has left as it is, with the folders that fit it. */
async function expand(part: string): Promise<string[]> {
  if (existsSync(part)) return [resolve(part)];
  return (await glob(part, { onlyDirectories: true, absolute: true, expandDirectories: false })).filter((folder) => basename(folder) !== "latest");
}

function isRun(folder: string): boolean {
  return existsSync(join(folder, files.info));
}
