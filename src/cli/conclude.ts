import { existsSync } from "node:fs";
import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { setFlagsFromString } from "node:v8";
import { catalogue } from "../catalogue.ts";
import type { Clock } from "../clock.ts";
import { HarnessError } from "../errors.ts";
import { judge } from "../judge/judge.ts";
import { resultsText, type Results } from "../judge/results.ts";
import { reportsFolderOf } from "../ledger/reports-folder.ts";
import { readRecording } from "../recording/read.ts";
import { renderers } from "../report/index.ts";
import { readScenarioFile } from "../scenario/files.ts";
import { parseScenario } from "../scenario/parse.ts";
import { exportRun } from "./export-run.ts";
import { keepRun } from "./keep-run.ts";
import { withRecordedAnswers } from "./recorded-answers.ts";

export interface ConcludeOptions {
  readonly assertionsFrom?: string | undefined;
  /** The run's own, where it has just ended. */
  readonly clock?: Clock | undefined;
}

/**
 * Reads a run's folder back, judges it by the scenario kept in it or by the assertions of another
 * one, writes `results.json` and everything that is drawn, and adds it to the history of all runs. Touches no cluster, so any old run
 * can be judged again.
 * @throws HarnessError `recording` when the folder holds no run; ScenarioError
 */
export async function conclude(folder: string, { assertionsFrom, clock }: ConcludeOptions = {}): Promise<Results> {
  const startMs = clock?.nowMs();
  // Otherwise garbage may take several times the memory that a long recording needs; with less, a million operations cost 1 s more to collect it.
  setFlagsFromString("--heap-growing-percent=75");
  const recording = await readRecording(folder);
  const scenarioText = await kept(folder, "scenario.yaml");
  const planText = await kept(folder, "plan.json");
  const { assertions, abortIf, steadyState, metrics, expect } = assertionsFrom === undefined ? parseScenario(scenarioText, join(folder, "scenario.yaml"), catalogue, { isRecorded: true }) : await readScenarioFile(assertionsFrom, catalogue, { isRecorded: true });
  const asked = [...assertions, ...(steadyState?.assertions ?? [])];
  const judged = judge(await withRecordedAnswers(recording, asked), assertions, recording.info.replay, { watched: abortIf?.violated, steadyState, expect });
  const results = assertionsFrom === undefined ? judged : { ...judged, assertionsFrom };
  const rejudged = existsSync(join(folder, "results.json"));
  await writeFile(join(folder, "results.json"), resultsText(results));
  // A run that lies elsewhere has no page over all runs above it.
  const allRuns = (await reportsFolderOf(folder, recording.info)) === undefined ? undefined : "../../index.html";
  for (const { file, render } of renderers) {
    await writeFile(join(folder, file), render(recording, results, scenarioText, planText, metrics, allRuns));
  }
  await exportRun(recording, results, clock === undefined || startMs === undefined ? undefined : { startMs, endMs: clock.nowMs() });
  await keepRun(folder, { recording, results, scenarioText, rejudged });
  return results;
}

async function kept(folder: string, file: string): Promise<string> {
  return readFile(join(folder, file), "utf8").catch((cause: unknown) => {
    throw new HarnessError("recording", `${folder} has no ${file}, so it cannot be judged`, { cause });
  });
}
