import { createWriteStream } from "node:fs";
import { mkdir } from "node:fs/promises";
import { join } from "node:path";
import { pipeline } from "node:stream/promises";
import type { Clock } from "../clock.ts";
import { HarnessError } from "../errors.ts";
import { runFolder } from "../marks.ts";
import { runCommand } from "../process.ts";
import { metricNames } from "../promql/names.ts";
import { upQuery, type PromqlAnswer } from "../recording/promql.ts";
import { openMetrics, type Recorded } from "./exposition.ts";
import { askOverRun, momentsOf } from "./over-run.ts";
import type { PrometheusProgram } from "./program.ts";
import { startServer } from "./server.ts";

/** Members were scraped four times a second: a value that is older than this is none. */
const recordedLookbackMs = 1_000;
const stepMs = 500;
const fillLimitMs = 600_000;

export interface Replay extends Recorded {
  readonly fromMs: number;
  readonly toMs: number;
}

/**
 * Answers queries that were not asked while a run went on: a Prometheus is filled with what was recorded
 * of the members' metrics, and asked. Its files lie in the temporary folder of `id`, which its process is marked by.
 * @throws HarnessError `environment` when it does not come up, or there is no promtool
 */
export async function askRecorded(program: PrometheusProgram, queries: readonly string[], replay: Replay, { id, clock }: { readonly id: string; readonly clock: Clock }): Promise<PromqlAnswer[]> {
  const folder = join(runFolder(id), "prometheus");
  await mkdir(folder, { recursive: true });
  await fill(program, queries, replay, folder);
  await using server = await startServer(program, { runId: id, folder, config: {}, lookbackMs: recordedLookbackMs, clock });
  const range = momentsOf(replay.fromMs, replay.toMs, stepMs);
  const answers: PromqlAnswer[] = [];
  for (const query of new Set([upQuery, ...queries])) {
    answers.push({ query, ...range, ...(await askOverRun(server.api, query, { ...range, wallAheadMs: replay.zeroWallMs })) });
  }
  return answers;
}

async function fill({ path, promtool }: PrometheusProgram, queries: readonly string[], recorded: Recorded, folder: string): Promise<void> {
  if (promtool === undefined) throw new HarnessError("environment", `there is no promtool beside ${path}, which fills a Prometheus with what was recorded`);
  const file = join(folder, "recorded.om");
  const names = queries.map(metricNames);
  const wanted = names.every((each) => each !== undefined) ? [...new Set(names.flat())].filter((name) => name !== upQuery) : undefined;
  await pipeline(openMetrics(recorded, wanted), createWriteStream(file));
  const { exitCode, stderr } = await runCommand(promtool, ["tsdb", "create-blocks-from", "openmetrics", file, join(folder, "data")], { timeoutMs: fillLimitMs });
  if (exitCode !== 0) throw new HarnessError("environment", `promtool could not take in what was recorded: ${stderr.trim().slice(-300)}`);
}
