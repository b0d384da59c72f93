import { existsSync } from "node:fs";
import { mkdtemp, readdir, rename, rm, stat, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { ledgerFile, readLedger, type Ledger } from "../ledger/ledger.ts";
import { olderRuns } from "../ledger/older-runs.ts";
import { seriesOf } from "../ledger/series.ts";
import { sinceGreen, type Suspicion } from "../ledger/since-green.ts";
import { runCommand } from "../process.ts";
import { renderIndex } from "../report/html/runs/index-page.tsx";
import type { Commit } from "../report/html/runs/index-view.ts";
import { root } from "./paths.ts";

const indexFile = "index.html";

/** A run that ends meanwhile is to be in it; where they end faster than that, one of theirs has them all. */
const attemptsMax = 5;
/** Each asks git once. */
const suspicionsMax = 5;
const commitsMax = 200;

/**
 * Writes `index.html` of a folder of reports by its history, or by the runs' folders where it has none. It appears
 * whole, and, of several that are written at once, the last has all runs.
 */
export async function writeIndex(reportsFolder: string): Promise<void> {
  for (let attempt = 1; attempt <= attemptsMax; attempt += 1) {
    const ledger = await ledgerOf(reportsFolder);
    // A folder of its own, since one process may draw it twice at once.
    const draft = await mkdtemp(join(reportsFolder, ".index-"));
    try {
      await writeFile(join(draft, indexFile), renderIndex({ entries: ledger.entries, damaged: ledger.damaged.length, pages: await otherPages(reportsFolder), commitsOf: await commitsOf(ledger) }));
      await rename(join(draft, indexFile), join(reportsFolder, indexFile));
    } finally {
      await rm(draft, { recursive: true, force: true });
    }
    const { size } = await stat(join(reportsFolder, ledgerFile)).catch(() => ({ size: 0 }));
    if (size === ledger.bytes) return;
  }
}

/** All runs in a folder of reports, also where there is no history of them yet. */
export async function ledgerOf(reportsFolder: string): Promise<Ledger> {
  return (await readLedger(reportsFolder)) ?? { entries: await olderRuns(reportsFolder), damaged: [], bytes: 0 };
}

const latestSearch = join("explore", "latest", indexFile);

async function otherPages(reportsFolder: string): Promise<string[]> {
  const beside = (await readdir(reportsFolder)).filter((name) => name.endsWith(".html") && name !== indexFile && !name.startsWith(".")).sort();
  return existsSync(join(reportsFolder, latestSearch)) ? [...beside, latestSearch] : beside;
}

/** Asks git for the commits of all suspicions beforehand, since drawing is to ask for nothing. */
async function commitsOf({ entries }: Ledger): Promise<(suspicion: Suspicion) => readonly Commit[] | undefined> {
  const suspicions = seriesOf(entries).flatMap(({ entries: own }) => sinceGreen(own, [])?.suspicion ?? []);
  const keys = [...new Set(suspicions.map(keyOf))].slice(0, suspicionsMax);
  const found = new Map(await Promise.all(keys.map(async (key) => [key, await commitsBetween(key)] as const)));
  return (suspicion) => found.get(keyOf(suspicion));
}

function keyOf({ from, to }: Suspicion): string {
  return `${from}..${to}`;
}

/** Undefined where the clone does not have them, or the one is not before the other. */
async function commitsBetween(range: string): Promise<Commit[] | undefined> {
  // Hashes of a file that anybody may have written are not to be taken for options.
  if (!/^[0-9a-f]{7,40}\.\.[0-9a-f]{7,40}$/.test(range)) return undefined;
  const log = await runCommand("git", ["-C", root, "log", "--format=%h %s", `--max-count=${commitsMax}`, range], { timeoutMs: 2_000 }).catch(() => undefined);
  if (log?.exitCode !== 0) return undefined;
  return log.stdout.split("\n").filter((line) => line !== "").map((line) => ({ hash: line.split(" ", 1).join(""), subject: line.slice(line.indexOf(" ") + 1) }));
}
