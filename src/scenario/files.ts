import { type FileHandle, open, readdir, stat } from "node:fs/promises";
import { basename, dirname, extname, join, relative, sep } from "node:path";
import { HarnessError } from "../errors.ts";
import { errnoOf } from "../process.ts";
import type { Catalogue } from "./catalogue.ts";
import type { Circumstances } from "./measured-checks.ts";
import { parseScenario } from "./parse.ts";
import type { Scenario } from "./scenario.ts";
import { Source } from "./source.ts";
import { suggestion } from "./suggest.ts";
import { readYamlTree } from "./yaml-tree.ts";

const fileBytesMax = 1_000_000;
const extensions = [".yaml", ".yml"];

/**
 * Reads and checks a scenario file.
 *
 * @throws ScenarioError when its text is wrong; HarnessError "scenario-invalid" when there is no such text file.
 */
export async function readScenarioFile(path: string, catalogue: Catalogue, circumstances: Circumstances = {}): Promise<Scenario> {
  return parseScenario(await readText(path), path, catalogue, circumstances);
}

/**
 * The path of a scenario that was named on the command line: `partition` and
 * `known-bugs/lost-write` are looked for in the folder of scenarios, all else is a path.
 *
 * @throws HarnessError "scenario-invalid" when a name is not among the scenarios.
 */
export async function findScenario(nameOrPath: string, scenariosFolder: string): Promise<string> {
  for (const extension of extensions) {
    const path = join(scenariosFolder, `${nameOrPath}${extension}`);
    if (await exists(path)) return path;
  }
  const isPath = nameOrPath.includes("/") || nameOrPath.includes(sep) || extensions.includes(extname(nameOrPath));
  if (isPath || (await exists(nameOrPath))) return nameOrPath;
  const names = (await listScenarios(scenariosFolder)).map(({ name }) => name);
  const all = names.length === 0 ? `There are none in ${scenariosFolder}.` : `There are ${names.join(", ")}; a path to a file is good too.`;
  throw invalid(`there is no scenario "${nameOrPath}" in ${scenariosFolder}`, suggestion(nameOrPath, names, all));
}

/**
 * The names that somebody asked for on the command line, where a folder among the scenarios, such as `known-bugs`,
 * stands for all that is in it. Everything else is left as it is, for `findScenario`.
 */
export async function withFolders(names: readonly string[], scenariosFolder: string): Promise<string[]> {
  const all = await listScenarios(scenariosFolder);
  return names.flatMap((name) => {
    const within = all.filter((each) => each.name.startsWith(`${name.replace(/\/$/, "")}/`)).map((each) => each.name);
    return within.length === 0 || all.some((each) => each.name === name) ? [name] : within;
  });
}

export interface ListedScenario {
  /** What `findScenario` takes: the path below the folder, without extension. */
  readonly name: string;
  readonly path: string;
  /** Undefined where the file cannot be read so far as that. */
  readonly description: string | undefined;
}

/** The scenarios in a folder and its folders, by name; none where the folder is missing. Files that are wrong are listed too. */
export async function listScenarios(folder: string): Promise<ListedScenario[]> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true }).catch((error: unknown) => {
    if (errnoOf(error) === "ENOENT") return [];
    throw invalid(`the folder ${folder} cannot be read`, undefined, error);
  });
  const paths = entries.filter((entry) => entry.isFile() && extensions.includes(extname(entry.name))).map((entry) => join(entry.parentPath, entry.name));
  const listed = paths.map(async (path) => ({ name: nameBelow(folder, path), path, description: await descriptionOf(path) }));
  return (await Promise.all(listed)).sort((a, b) => a.name.localeCompare(b.name));
}

function nameBelow(folder: string, path: string): string {
  return relative(folder, path).slice(0, -extname(path).length).split(sep).join("/");
}

async function descriptionOf(path: string): Promise<string | undefined> {
  const text = await readText(path).catch(() => undefined);
  if (text === undefined) return undefined;
  const { root } = readYamlTree(new Source(text), { keepsDigits: () => false });
  const description = root?.children.get("description")?.value;
  return typeof description === "string" ? description.trim() : undefined;
}

/** A text file's content; never reads more than a scenario may have. */
async function readText(path: string): Promise<string> {
  const file = await open(path).catch(async (error: unknown) => {
    throw await cannotOpen(path, error);
  });
  try {
    return decode(await readBytes(file, path), path);
  } finally {
    await file.close();
  }
}

async function readBytes(file: FileHandle, path: string): Promise<Uint8Array> {
  const stats = await file.stat();
  if (stats.isDirectory()) throw invalid(`${path} is a folder, not a scenario file`, await fileIn(path));
  if (!stats.isFile()) throw invalid(`${path} is not a regular file`);
  if (stats.size > fileBytesMax) throw tooBig(path, stats.size);
  const buffer = new Uint8Array(fileBytesMax + 1);
  const { bytesRead } = await file.read(buffer, 0, buffer.length, 0);
  if (bytesRead > fileBytesMax) throw tooBig(path, bytesRead);
  return buffer.subarray(0, bytesRead);
}

function decode(bytes: Uint8Array, path: string): string {
  try {
    return new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch (error) {
    throw invalid(`${path} is not UTF-8 text`, "Save it as UTF-8.", error);
  }
}

function tooBig(path: string, bytes: number): HarnessError {
  return invalid(`${path} has ${(bytes / 1e6).toFixed(1)} MB, and a scenario file has 1 MB at most`, "Is it the right file?");
}

async function cannotOpen(path: string, error: unknown): Promise<HarnessError> {
  if (errnoOf(error) !== "ENOENT") return invalid(`${path} cannot be read (${errnoOf(error) ?? "unknown reason"})`, undefined, error);
  const siblings = (await listScenarios(dirname(path)).catch(() => [])).map((sibling) => basename(sibling.path));
  return invalid(`${path} does not exist`, suggestion(basename(path), siblings), error);
}

async function fileIn(folder: string): Promise<string | undefined> {
  const [first] = await listScenarios(folder).catch(() => []);
  return first && `Name a file in it, such as ${first.path}.`;
}

async function exists(path: string): Promise<boolean> {
  return stat(path).then(
    (stats) => !stats.isDirectory(),
    () => false,
  );
}

function invalid(message: string, hint?: string, cause?: unknown): HarnessError {
  return new HarnessError("scenario-invalid", message, { ...(hint === undefined ? {} : { hint }), cause });
}
