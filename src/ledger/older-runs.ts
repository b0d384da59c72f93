import { existsSync } from "node:fs";
import { link, mkdir, mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { z } from "zod";
import { errnoOf } from "../process.ts";
import { readRunInfo } from "../recording/read.ts";
import type { Entry } from "./entry.ts";
import { knownOfRun } from "./entry-of.ts";
import { byStart, ledgerFile } from "./ledger.ts";

const outcome = z.enum(["pass", "fail", "inconclusive"]);
const resultsSchema = z.object({
  outcome,
  sentence: z.string(),
  assertionsFrom: z.string().optional(),
  assertions: z.array(z.object({ kind: z.string(), title: z.string(), verdict: z.object({ outcome }) })),
});

/**
 * The runs in a folder of reports by what is in their own folders, `<scenario>/<run>`: for those that were judged before
 * there was a file of all runs. Their key figures are not known without their recordings. What is not a run, or was never
 * judged, is passed over.
 */
export async function olderRuns(reportsFolder: string): Promise<Entry[]> {
  const runs = (await Promise.all((await foldersIn(reportsFolder)).map(foldersIn))).flat();
  const entries: Entry[] = [];
  // In portions: there may be thousands, and each opens files.
  for (let from = 0; from < runs.length; from += 64) {
    entries.push(...(await Promise.all(runs.slice(from, from + 64).map(olderRun))).filter((entry) => entry !== undefined));
  }
  return byStart(entries);
}

async function olderRun(folder: string): Promise<Entry | undefined> {
  const info = await readRunInfo(folder).catch(() => undefined);
  const results = await readResults(folder);
  if (info === undefined || results === undefined) return undefined;
  const scenarioText = await readFile(join(folder, "scenario.yaml"), "utf8").catch(() => undefined);
  return knownOfRun(info, results, scenarioText);
}

/** What is kept of a run's results; undefined for one that was not judged. */
export async function readResults(folder: string): Promise<z.infer<typeof resultsSchema> | undefined> {
  const raw: unknown = await readFile(join(folder, "results.json"), "utf8").then(JSON.parse).catch(() => undefined);
  return resultsSchema.safeParse(raw).data;
}

/** Links such as `latest` lead to what is found anyway. */
async function foldersIn(folder: string): Promise<string[]> {
  const inside = await readdir(folder, { withFileTypes: true }).catch(() => []);
  return inside.filter((each) => each.isDirectory()).map(({ name }) => join(folder, name));
}

/**
 * Sees to it that there is a file of all runs, with those that are older than it. Of two that do so at once one is first,
 * and the other leaves it as it is.
 */
export async function beginLedger(reportsFolder: string): Promise<void> {
  await mkdir(reportsFolder, { recursive: true });
  const path = join(reportsFolder, ledgerFile);
  if (existsSync(path)) return;
  const draft = await mkdtemp(join(reportsFolder, ".history-"));
  const fresh = join(draft, ledgerFile);
  try {
    await writeFile(fresh, (await olderRuns(reportsFolder)).map((entry) => `${JSON.stringify(entry)}\n`).join(""));
    await link(fresh, path).catch((error: unknown) => {
      if (errnoOf(error) !== "EEXIST") throw error;
    });
  } finally {
    await rm(draft, { recursive: true, force: true });
  }
}
