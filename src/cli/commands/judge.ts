import { access } from "node:fs/promises";
import { join, resolve } from "node:path";
import { renderTerminal } from "../../report/index.ts";
import { conclude } from "../conclude.ts";
import { exitCodeOf, worstExitCode, type ExitCode } from "../exit-codes.ts";
import { findScenario } from "../../scenario/files.ts";
import { scenariosFolder, shown } from "../paths.ts";
import { reportError } from "../report-error.ts";
import { terminal } from "../terminal.ts";

export interface JudgeOptions {
  /** A scenario by name or path: its assertions instead of those of the run. */
  readonly assertions?: string;
}

/** Judges saved runs again and draws their reports anew. One that cannot be judged does not keep the others from it. */
export async function judgeCommand(folders: readonly string[], { assertions }: JudgeOptions): Promise<ExitCode> {
  const assertionsFrom = assertions === undefined ? undefined : await findScenario(assertions, scenariosFolder);
  const codes: ExitCode[] = [];
  for (const folder of folders) codes.push(await judgeOne(resolve(folder), assertionsFrom).catch(reportError));
  return worstExitCode(codes);
}

async function judgeOne(folder: string, assertionsFrom: string | undefined): Promise<ExitCode> {
  const run = await runIn(folder);
  const results = await conclude(run, { assertionsFrom });
  process.stdout.write(renderTerminal(results, { reportPath: shown(join(run, "report.html")), ...terminal(process.stdout) }));
  return exitCodeOf(results.outcome);
}

/** The folder of a scenario's runs stands for its latest. */
async function runIn(folder: string): Promise<string> {
  const latest = join(folder, "latest");
  return access(latest).then(() => latest, () => folder);
}
