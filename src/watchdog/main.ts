import { createInterface } from "node:readline";
import { setTimeout as delay } from "node:timers/promises";
import { MonotonicClock } from "../clock.ts";
import { Limits } from "./limits.ts";
import { removeRun } from "./remove-run.ts";

/**
 * The watchdog of one run, a process of its own. Its standard input is a pipe that the
 * harness holds: `released` on it means that the run was cleaned up in order; its end without
 * that means that the harness is gone, however it died. Other lines set limits: a harness that
 * hangs must not keep a fault in force for ever, and whoever hangs heals nothing.
 */
const [runId] = process.argv.slice(2);
if (runId === undefined) throw new Error("usage: watchdog RUN-ID");
const run = runId;

/** Longer timers of node fire at once. */
const timerMaxMs = 2 ** 31 - 1;

const clock = new MonotonicClock();
const limits = new Limits();
let released = false;
let timer: NodeJS.Timeout | undefined;

const lines = createInterface({ input: process.stdin });
lines.on("line", (line) => {
  if (line === "released") released = true;
  else if (limits.take(line, clock.nowMs())) watch();
});
lines.on("close", () => {
  clearTimeout(timer);
  if (!released) remove();
});

function watch(): void {
  clearTimeout(timer);
  const leftMs = limits.leftMs(clock.nowMs());
  if (leftMs === 0) remove();
  else if (leftMs !== undefined) timer = setTimeout(watch, Math.min(Math.ceil(leftMs), timerMaxMs));
}

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
