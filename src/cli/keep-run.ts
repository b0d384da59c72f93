import { HarnessError, messageOf } from "../errors.ts";
import type { Results } from "../judge/results.ts";
import { entryOf } from "../ledger/entry-of.ts";
import { appendEntry } from "../ledger/ledger.ts";
import { beginLedger } from "../ledger/older-runs.ts";
import { reportsFolderOf } from "../ledger/reports-folder.ts";
import type { Recording } from "../recording/recording.ts";
import { writeIndex } from "./reports-index.ts";

export interface Judged {
  readonly recording: Recording;
  readonly results: Results;
  readonly scenarioText: string;
  /** It was judged before. */
  readonly rejudged: boolean;
}

/**
 * Adds a judged run to the history of its folder of reports and draws the page over all runs anew. What goes wrong there is
 * told and does not touch the verdict.
 */
export async function keepRun(runFolder: string, { recording, results, scenarioText, rejudged }: Judged): Promise<void> {
  try {
    const reportsFolder = await reportsFolderOf(runFolder, recording.info);
    if (reportsFolder === undefined) return;
    await beginLedger(reportsFolder);
    appendEntry(reportsFolder, entryOf(recording, results, scenarioText, { rejudged }));
    await writeIndex(reportsFolder);
  } catch (error) {
    const hint = error instanceof HarnessError && error.hint !== undefined ? ` ${error.hint}` : "";
    process.stderr.write(`the run is not in the history of all runs: ${messageOf(error)}.${hint}\n`);
  }
}
