import { open, readFile, writeFile } from "node:fs/promises";
import { checks, type ModelName } from "../../check/checks.ts";
import type { Checked } from "../../check/counterexample.ts";
import { EtcdHistory } from "../../check/etcd.ts";
import { formatOf, formats, sniffedCharacters, type Format } from "../../check/import/formats.ts";
import { MonotonicClock } from "../../clock.ts";
import { HarnessError, messageOf } from "../../errors.ts";
import { readLines } from "../../recording/jsonl.ts";
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
  const unreadable = unreadableAs(fileName);
  const known = format === "auto" ? formatOf(await beginningOf(path).catch(unreadable), fileName) : format;
  if (model === "etcd" && known !== "etcd-chaos") throw new HarnessError("history-invalid", `${fileName} is ${known}, which has no revisions; the model etcd goes by them`, { hint: "It is for the history.jsonl of a run; take another --model." });
  const finding =
    model === "etcd"
      ? await checkEtcd(path, fileName)
      : checks[model](formats[known](await readFile(path, "utf8").catch(unreadable), fileName), fileName, { timeMs: timeLimitMs, memoryBytes, nowMs });
  const checked = { file: fileName, model, history: known, tookMs: nowMs(), finding };
  process.stdout.write(renderCheck(checked, terminal(process.stdout)));
  if (json !== undefined) await write(json, checkJson(checked));
  if (html !== undefined) await write(html, renderCheckHtml(checked));
  return exitCodeOf(outcomeOf[finding.kind]);
}

/** A torn last line is left out. */
async function checkEtcd(path: string, fileName: string): Promise<Checked> {
  const history = new EtcdHistory(fileName);
  await readLines(path, (text, line) => history.add(text, line)).catch(unreadableAs(fileName));
  return history.check();
}

function unreadableAs(fileName: string): (cause: unknown) => never {
  return (cause) => {
    if (cause instanceof HarnessError) throw cause;
    throw new HarnessError("history-invalid", `${fileName} cannot be read`, { cause });
  };
}

/** As much of a file as it takes to tell its format. */
async function beginningOf(path: string): Promise<string> {
  await using file = await open(path);
  const { buffer, bytesRead } = await file.read(Buffer.alloc(sniffedCharacters), 0, sniffedCharacters, 0);
  return buffer.toString("utf8", 0, bytesRead);
}

async function write(path: string, text: string): Promise<void> {
  await writeFile(path, text).catch((error: unknown) => {
    throw new HarnessError("environment", `${path} cannot be written: ${messageOf(error)}`, { cause: error });
  });
}
