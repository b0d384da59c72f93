import { join, resolve } from "node:path";
import { renderTerminal } from "../../report/index.ts";
import { conclude } from "../conclude.ts";
import { exitCodeOf, worstExitCode, type ExitCode } from "../exit-codes.ts";
import { shown } from "../paths.ts";
import { reportError } from "../report-error.ts";
import { terminal } from "../terminal.ts";

/** Judges saved runs again, with today's assertions, and draws their reports anew. One that cannot be judged does not keep the others from it. */
export async function judgeCommand(folders: readonly string[]): Promise<ExitCode> {
  const codes: ExitCode[] = [];
  for (const folder of folders) codes.push(await judgeOne(resolve(folder)).catch(reportError));
  return worstExitCode(codes);
}

async function judgeOne(folder: string): Promise<ExitCode> {
  const results = await conclude(folder);
  process.stdout.write(renderTerminal(results, { reportPath: shown(join(folder, "report.html")), ...terminal(process.stdout) }));
  return exitCodeOf(results.outcome);
}
