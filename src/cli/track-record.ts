import { readdir, readFile, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { Command, CommanderError } from "commander";
import { HarnessError } from "../errors.ts";
import { files } from "../recording/folder.ts";
import { runInfoSchema } from "../recording/run-info.ts";
import { mergedRuns, renderTrackRecord, trackedRun, trackedRunSchema, type TrackedRun } from "../report/track-record.ts";
import { exitCodes } from "./exit-codes.ts";
import { docsFolder, reportsFolder, scenariosFolder, shown } from "./paths.ts";
import { reportError } from "./report-error.ts";

// Run by `npm run track-record`.
const source = join(docsFolder, "track-record.jsonl");
const page = join(docsFolder, "track-record.md");

const command = new Command("track-record")
  .description("Adds the runs of scenarios with a known bug to docs/track-record.jsonl, and writes docs/track-record.md.")
  .argument("[folder...]", "where runs are kept", [reportsFolder])
  .exitOverride()
  .action(update);
try {
  await command.parseAsync();
} catch (error) {
  if (error instanceof CommanderError) process.exitCode = error.exitCode === 0 ? exitCodes.pass : exitCodes.usage;
  else process.exitCode = reportError(error);
}

async function update(folders: readonly string[]): Promise<void> {
  const known = (await readFile(source, "utf8").catch(() => "")).split("\n").filter((line) => line !== "").map((line) => trackedRunSchema.parse(JSON.parse(line)));
  const found = (await Promise.all(folders.map(runsIn))).flat();
  const runs = mergedRuns(known, found);
  if (runs.length === 0) throw new HarnessError("usage", "there is no run of a scenario with a known bug", { hint: "`npm run scenario -- known-bugs` makes some." });
  await writeFile(source, runs.map((run) => `${JSON.stringify(run)}\n`).join(""));
  await writeFile(page, renderTrackRecord(runs));
  process.stdout.write(`${shown(source)}: ${runs.length} runs, ${runs.length - known.length} of them new\n${shown(page)}\n`);
}

/** The runs below a folder that count: those that were judged and expect a bug, of a scenario that has not changed since. */
async function runsIn(folder: string): Promise<TrackedRun[]> {
  const entries = await readdir(folder, { recursive: true }).catch((cause: unknown) => {
    throw new HarnessError("usage", `the folder ${folder} cannot be read`, { cause });
  });
  const judged = entries.filter((path) => path.endsWith("/results.json"));
  const runs = await Promise.all(
    judged.map(async (path) => {
      const results: unknown = JSON.parse(await readFile(join(folder, path), "utf8"));
      const info = runInfoSchema.safeParse(JSON.parse(await readFile(join(folder, dirname(path), files.info), "utf8")));
      if (!info.success) return undefined;
      const [ran, now] = await Promise.all([join(folder, dirname(path), "scenario.yaml"), join(scenariosFolder, "known-bugs", `${info.data.scenario}.yaml`)].map((file) => readFile(file, "utf8").catch(() => undefined)));
      return ran === now ? trackedRun(results, info.data) : undefined;
    }),
  );
  return runs.filter((run) => run !== undefined);
}
