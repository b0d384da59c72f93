import { mkdtemp, readdir, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { runCommand } from "../../src/process.ts";
import type { Results } from "../../src/judge/results.ts";

const entry = fileURLToPath(new URL("../../bin/etcd-chaos.mjs", import.meta.url));

/** A run of a test tells GitHub nothing, though the test itself runs there. */
export const notGitHub = { GITHUB_ACTIONS: "" };

/** What a command of the harness did, run as a process of its own. */
export interface HarnessRun {
  readonly exitCode: number;
  readonly stdout: string;
  readonly stderr: string;
}

export function harness(args: readonly string[], env: NodeJS.ProcessEnv = {}, timeoutMs = 240_000): Promise<HarnessRun> {
  return runCommand(process.execPath, [entry, ...args], { timeoutMs, env: { ...process.env, ...notGitHub, ...env } });
}

/** A folder that is gone with the scope. */
export async function temporaryFolder(): Promise<{ readonly path: string } & AsyncDisposable> {
  const path = await mkdtemp(join(tmpdir(), "etcd-chaos-test-"));
  return { path, [Symbol.asyncDispose]: () => rm(path, { recursive: true, force: true }) };
}

/** The results of the only run of a scenario below `--out`. */
export async function resultsOf(out: string, scenario: string): Promise<Results> {
  const runs = (await readdir(join(out, scenario))).filter((name) => name !== "latest");
  const [only = ""] = runs;
  return JSON.parse(await readFile(join(out, scenario, only, "results.json"), "utf8"));
}
