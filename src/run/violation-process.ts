import { constants, setPriority } from "node:os";
import { join } from "node:path";
import { catalogue } from "../catalogue.ts";
import { MonotonicClock } from "../clock.ts";
import { interruptedAt, violationIn } from "../judge/violation.ts";
import { readRecording } from "../recording/read.ts";
import { readScenarioFile } from "../scenario/files.ts";
import { longestTimeoutMs } from "../workloads/workloads.ts";
import { searchViolation } from "./violation-search.ts";

/*
 * Looks whether a run violates what stands under `abort-if`: a process of its own, so that judging
 * does not disturb the harness's timing. It reads the run's folder as it stands, writes one line once
 * something is violated, and ends when the harness lets go of it or is gone. Started by violation-watch.ts.
 */

const [folder = "", originNs = "0"] = process.argv.slice(2);

process.stdin.once("close", () => process.exit()).resume();
setPriority(constants.priority.PRIORITY_BELOW_NORMAL);

const { abortIf, workload } = await readScenarioFile(join(folder, "scenario.yaml"), catalogue, { isRecorded: true });
const violation = await searchViolation({
  look: async (atMs) => violationIn(interruptedAt(await readRecording(folder), atMs), abortIf?.violated ?? []),
  clock: new MonotonicClock(BigInt(originNs)),
  timeoutMs: longestTimeoutMs(workload?.parts ?? []),
});
process.stdout.write(`${JSON.stringify({ violation })}\n`);
