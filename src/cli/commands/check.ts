import { readFile, writeFile } from "node:fs/promises";
import { checks, type ModelName } from "../../check/checks.ts";
import { checkEtcd } from "../../check/etcd.ts";
import { formatOf, formats, type Format } from "../../check/import/formats.ts";
import { MonotonicClock } from "../../clock.ts";
import { HarnessError, messageOf } from "../../errors.ts";
import { checkJson, outcomeOf, renderCheck } from "../../report/check.ts";
import { renderCheckHtml } from "../../report/html/check-page.tsx";
import { exitCodeOf, type ExitCode } from "../exit-codes.ts";
import { shown } from "../paths.ts";
import { terminal } from "../terminal.ts";

export interface CheckOptions {
  readonly model: ModelName | "etcd";
  readonly format: Format | "auto";
  readonly timeLimitMs: number;
  /** Where the result goes as JSON and as a page besides. */
  readonly json?: string;
  readonly html?: string;
}

/** What the search may take beside the history itself. */
const memoryBytes = 2e9;

/** Checks a history from a file, whoever wrote it, and prints the verdict with what shows it. */
export async function checkCommand(path: string, { model, format, timeLimitMs, json, html }: CheckOptions): Promise<ExitCode> {
  const clock = new MonotonicClock();
  const nowMs = (): number => clock.nowMs();
  const fileName = shown(path);
  const text = await readFile(path, "utf8").catch((error: unknown) => {
    throw new HarnessError("history-invalid", `${fileName} cannot be read`, { cause: error });
  });
  const known = format === "auto" ? formatOf(text, fileName) : format;
  if (model === "etcd" && known !== "etcd-chaos") throw new HarnessError("history-invalid", `${fileName} is ${known}, which has no revisions; the model etcd goes by them`, { hint: "It is for the history.jsonl of a run; take another --model." });
  const finding = model === "etcd" ? checkEtcd(text, fileName) : checks[model](formats[known](text, fileName), fileName, { timeMs: timeLimitMs, memoryBytes, nowMs });
  const checked = { file: fileName, model, history: known, tookMs: nowMs(), finding };
  process.stdout.write(renderCheck(checked, terminal(process.stdout)));
  if (json !== undefined) await write(json, checkJson(checked));
  if (html !== undefined) await write(html, renderCheckHtml(checked));
  return exitCodeOf(outcomeOf[finding.kind]);
}

async function write(path: string, text: string): Promise<void> {
  await writeFile(path, text).catch((error: unknown) => {
    throw new HarnessError("environment", `${path} cannot be written: ${messageOf(error)}`, { cause: error });
  });
}
