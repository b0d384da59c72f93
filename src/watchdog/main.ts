import { setTimeout as delay } from "node:timers/promises";
import { removeRun } from "./remove-run.ts";

/**
 * The watchdog of one run, a process of its own. Its standard input is a pipe that the
 * harness holds: `released` on it means that the run was cleaned up in order; its end without
 * that means that the harness is gone, however it died.
 */
const [runId] = process.argv.slice(2);
if (runId === undefined) throw new Error("usage: watchdog RUN-ID");

let said = "";
process.stdin.setEncoding("utf8");
process.stdin.on("data", (text: string) => (said += text));
process.stdin.on("end", () => {
  if (said.includes("released")) return;
  void removeUntilNothingIsFound(runId).catch(() => (process.exitCode = 3));
});

/** The engine may still be creating what the harness asked for a moment before it died. */
async function removeUntilNothingIsFound(run: string): Promise<void> {
  for (let round = 0; round < 10; round++) {
    const { processes, containers, networks } = await removeRun(run);
    if (processes + containers + networks === 0) return;
    await delay(300);
  }
}
