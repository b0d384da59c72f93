import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { catalogue } from "../catalogue.ts";
import { HarnessError } from "../errors.ts";
import { judge } from "../judge/judge.ts";
import { resultsText, type Results } from "../judge/results.ts";
import { readRecording } from "../recording/read.ts";
import { renderers } from "../report/index.ts";
import { readScenarioFile } from "../scenario/files.ts";
import { parseScenario } from "../scenario/parse.ts";

/**
 * Reads a run's folder back, judges it by the scenario kept in it or by the assertions of another
 * one, and writes `results.json` and everything that is drawn. Touches no cluster, so any old run
 * can be judged again.
 * @throws HarnessError `recording` when the folder holds no run; ScenarioError
 */
export async function conclude(folder: string, { assertionsFrom }: { readonly assertionsFrom?: string | undefined } = {}): Promise<Results> {
  const recording = await readRecording(folder);
  const scenarioText = await kept(folder, "scenario.yaml");
  const planText = await kept(folder, "plan.json");
  const { assertions, abortIf, expect } = assertionsFrom === undefined ? parseScenario(scenarioText, join(folder, "scenario.yaml"), catalogue) : await readScenarioFile(assertionsFrom, catalogue);
  const judged = judge(recording, assertions, recording.info.replay, abortIf?.violated, expect);
  const results = assertionsFrom === undefined ? judged : { ...judged, assertionsFrom };
  await writeFile(join(folder, "results.json"), resultsText(results));
  for (const { file, render } of renderers) {
    await writeFile(join(folder, file), render(recording, results, scenarioText, planText));
  }
  return results;
}

async function kept(folder: string, file: string): Promise<string> {
  return readFile(join(folder, file), "utf8").catch((cause: unknown) => {
    throw new HarnessError("recording", `${folder} has no ${file}, so it cannot be judged`, { cause });
  });
}
