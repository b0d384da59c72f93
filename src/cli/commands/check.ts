import { open, readFile, writeFile } from "node:fs/promises";
import { checks, type ModelName } from "../../check/checks.ts";
import { EtcdHistory } from "../../check/etcd.ts";
import type { Finding } from "../../check/finding.ts";
import { formatOf, formats, sniffedCharacters, type Format } from "../../check/import/formats.ts";
import type { ShownCall } from "../../check/linearizable/shown-call.ts";
import { MonotonicClock } from "../../clock.ts";
import { HarnessError, messageOf } from "../../errors.ts";
import { readLines } from "../../recording/jsonl.ts";
import { outcomeOf, renderCheck } from "../../report/check.ts";
import { exitCodeOf, type ExitCode } from "../exit-codes.ts";
import { shown } from "../paths.ts";
import { terminal } from "../terminal.ts";

export interface CheckOptions {
  readonly model: ModelName | "etcd";
  readonly format: Format | "auto";
  readonly timeLimitMs: number;
  /** Where the result goes as JSON besides. */
  readonly json?: string;
}

/** What the search may take beside the history itself. */
const memoryBytes = 2e9;

/** Checks a history from a file, whoever wrote it, and prints the verdict with what shows it. */
export async function checkCommand(path: string, { model, format, timeLimitMs, json }: CheckOptions): Promise<ExitCode> {
  const clock = new MonotonicClock();
  const nowMs = (): number => clock.nowMs();
  const fileName = shown(path);
  const unreadable = (cause: unknown): never => {
    if (cause instanceof HarnessError) throw cause;
    throw new HarnessError("history-invalid", `${fileName} cannot be read`, { cause });
  };
  const known = format === "auto" ? formatOf(await beginningOf(path).catch(unreadable), fileName) : format;
  if (model === "etcd" && known !== "etcd-chaos") throw new HarnessError("history-invalid", `${fileName} is ${known}, which has no revisions; the model etcd goes by them`, { hint: "It is for the history.jsonl of a run; take another --model." });
  const finding =
    model === "etcd"
      ? await checkEtcd(path, fileName).catch(unreadable)
      : checks[model](formats[known](await readFile(path, "utf8").catch(unreadable), fileName), fileName, { timeMs: timeLimitMs, memoryBytes, nowMs });
  const checked = { file: fileName, model, format: known, tookMs: nowMs(), finding };
  process.stdout.write(renderCheck(checked, terminal(process.stdout)));
  if (json !== undefined) await writeJson(json, { outcome: outcomeOf[finding.kind], ...checked });
  return exitCodeOf(outcomeOf[finding.kind]);
}

/** A torn last line is left out. */
async function checkEtcd(path: string, fileName: string): Promise<Finding<ShownCall>> {
  const history = new EtcdHistory(fileName);
  await readLines(path, (text, line) => history.add(text, line));
  return history.check();
}

/** As much of a file as it takes to tell its format. */
async function beginningOf(path: string): Promise<string> {
  await using file = await open(path);
  const { buffer, bytesRead } = await file.read(Buffer.alloc(sniffedCharacters), 0, sniffedCharacters, 0);
  return buffer.toString("utf8", 0, bytesRead);
}

async function writeJson(path: string, value: unknown): Promise<void> {
  await writeFile(path, `${JSON.stringify(value, undefined, 2)}\n`).catch((error: unknown) => {
    throw new HarnessError("environment", `${path} cannot be written: ${messageOf(error)}`, { cause: error });
  });
}
