import { createInterface } from "node:readline";
import { setTimeout as delay } from "node:timers/promises";
import { removeRun } from "./remove-run.ts";

/**
 * The watchdog of one run, a process of its own. Its standard input is a pipe that the
 * harness holds: `released` on it means that the run was cleaned up in order; its end without
 * that means that the harness is gone, however it died. `within 5000` gives the harness so many
 * milliseconds to say something else: one that hangs must not keep a fault in force for ever.
 */
const [runId] = process.argv.slice(2);
if (runId === undefined) throw new Error("usage: watchdog RUN-ID");
const run = runId;

let released = false;
let limit: NodeJS.Timeout | undefined;

const lines = createInterface({ input: process.stdin });
lines.on("line", (line) => {
  clearTimeout(limit);
  const [word, value] = line.split(" ");
  if (word === "released") released = true;
  if (word === "within") limit = setTimeout(remove, Number(value));
});
lines.on("close", () => {
  clearTimeout(limit);
  if (!released) remove();
});

function remove(): void {
  void removeUntilNothingIsFound().catch(() => (process.exitCode = 3));
}

/** The engine may still be creating what the harness asked for a moment before it died. */
async function removeUntilNothingIsFound(): Promise<void> {
  for (let round = 0; round < 10; round++) {
    const { processes, containers, networks } = await removeRun(run);
    if (processes + containers + networks === 0) return;
    await delay(300);
  }
}
