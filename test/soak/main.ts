import { readdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { MonotonicClock, waitFor } from "../../src/clock.ts";
import { messageOf } from "../../src/errors.ts";
import { runFolder } from "../../src/marks.ts";
import { markedProcesses } from "../../src/watchdog/processes.ts";
import { harness, resultsOf, temporaryFolder } from "../support/harness.ts";
import { randomScenario } from "./scenario.ts";

/*
 * `npm run soak -- --runs 200 --seed 1 --side-by-side 2`: random combinations of faults on the
 * local runtime. Each run must end with a verdict, and leave no process, mount or folder behind.
 */
const { values } = parseArgs({ options: { runs: { type: "string", default: "20" }, seed: { type: "string", default: "1" }, "side-by-side": { type: "string", default: "2" } } });
const [runs, firstSeed, sideBySide] = [values.runs, values.seed, values["side-by-side"]].map(Number);
if (runs === undefined || firstSeed === undefined || sideBySide === undefined || ![runs, firstSeed, sideBySide].every((value) => Number.isSafeInteger(value) && value >= 1)) {
  process.stderr.write("--runs, --seed and --side-by-side are whole numbers from 1 on\n");
  process.exit(64);
}

const clock = new MonotonicClock();
const tally = new Map<string, number>();
const complaints: string[] = [];
await using folder = await temporaryFolder();

const seeds = Array.from({ length: runs }, (_, index) => firstSeed + index);
await Promise.all(
  Array.from({ length: sideBySide }, async () => {
    for (let seed = seeds.shift(); seed !== undefined; seed = seeds.shift()) await oneRun(seed);
  }),
);
const mounts = (await readFile("/proc/self/mounts", "utf8")).split("\n").filter((line) => line.includes("etcd-chaos"));
if (mounts.length > 0) complaints.push(`mounts were left behind: ${mounts.join("; ")}`);
process.stdout.write(`${runs} runs: ${[...tally].map(([outcome, count]) => `${count} ${outcome}`).join(", ")}\n`);
for (const complaint of complaints) process.stdout.write(`✗ ${complaint}\n`);
process.exitCode = complaints.length > 0 ? 1 : 0;

async function oneRun(seed: number): Promise<void> {
  const name = `soak-${seed}`;
  const path = join(folder.path, `${name}.yaml`);
  await writeFile(path, randomScenario(seed));
  const run = await harness(["scenario", path, "--runtime", "local", "--seed", String(seed), "--out", folder.path]).catch(messageOf);
  if (typeof run === "string") {
    tally.set("endless", (tally.get("endless") ?? 0) + 1);
    complaints.push(`seed ${seed}: ${run}; its events end so:\n${await lastEvents(name)}`);
    return;
  }
  const { exitCode, stdout, stderr } = run;
  // A harness that dies of an error ends with exit code 1, as one whose verdict is fail: the results tell them apart.
  const results = exitCode > 2 ? undefined : await resultsOf(folder.path, name).catch(() => undefined);
  if (results === undefined) complaints.push(`seed ${seed} ended with exit code ${exitCode} and no results:\n${await readFile(path, "utf8")}\n${stderr}${stdout}`);
  const outcome = results?.outcome ?? "broken";
  tally.set(outcome, (tally.get(outcome) ?? 0) + 1);
  const left = await leftovers(name);
  if (left.length > 0) complaints.push(`seed ${seed} left behind: ${left.join(", ")}`);
  const doubts = (results?.assumptions ?? []).filter((assumption) => assumption.outcome !== "pass");
  process.stdout.write(`seed ${seed}: ${outcome}${doubts.map(({ title, observed }) => `\n    ${title}: ${observed.slice(0, 300)}`).join("")}\n`);
}

/** The folder is gone with this process: what a run that never ended did last is told at once. */
async function lastEvents(scenario: string): Promise<string> {
  const ids = (await readdir(join(folder.path, scenario)).catch(() => [])).filter((id) => id !== "latest");
  const texts = await Promise.all(ids.map((id) => readFile(join(folder.path, scenario, id, "events.jsonl"), "utf8").catch(messageOf)));
  return texts.map((text) => text.split("\n").slice(-12).join("\n")).join("\n");
}

/** What the run's mark is still on; a process that was killed may take a moment to go. */
async function leftovers(scenario: string): Promise<string[]> {
  const ids = (await readdir(join(folder.path, scenario)).catch(() => [])).filter((id) => id !== "latest");
  const look = async (): Promise<string[]> => {
    const processes = (await markedProcesses()).filter(({ runId }) => ids.includes(runId)).map(({ pid }) => `process ${pid}`);
    const folders = await Promise.all(ids.map(async (id) => ((await readdir(runFolder(id)).catch(() => undefined)) === undefined ? [] : [runFolder(id)])));
    return [...processes, ...folders.flat()];
  };
  await waitFor(clock, async () => ((await look()).length === 0 ? true : undefined), { limitMs: 5_000, everyMs: 100 });
  return look();
}
