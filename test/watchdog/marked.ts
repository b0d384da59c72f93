import { readdir, readFile } from "node:fs/promises";
import { startChild, type Child } from "../../src/child.ts";
import { MonotonicClock, waitFor } from "../../src/clock.ts";
import { runVariable } from "../../src/marks.ts";
import { markedProcesses } from "../../src/watchdog/processes.ts";

const clock = new MonotonicClock();
let sequence = 0;

/** An id that no other run on this machine has. */
export function freshRunId(): string {
  return `test-watchdog-${process.pid}-${++sequence}`;
}

/** A process with the run's mark that runs for a minute, whatever becomes of its standard input. */
export function startMarked(runId: string): Promise<Child> {
  return startChild("sleep", ["60"], { env: { [runVariable]: runId } });
}

export async function markedOf(runId: string): Promise<number[]> {
  return (await markedProcesses()).filter((found) => found.runId === runId).map(({ pid }) => pid);
}

/** The watchdog of a run: it bears no mark, or it would end itself. */
export async function watchdogOf(runId: string): Promise<number | undefined> {
  return pidOf(["watchdog/main.ts", runId], (await readdir("/proc")).filter((name) => /^\d+$/.test(name)).map(Number));
}

/** The first of these processes whose command line has all these words in it. */
export async function pidOf(words: readonly string[], pids: readonly number[]): Promise<number | undefined> {
  for (const pid of pids) {
    const line = await readFile(`/proc/${pid}/cmdline`, "utf8").catch(() => "");
    if (words.every((word) => line.includes(word))) return pid;
  }
  return undefined;
}

/** True when the condition came true in time. */
export async function soon(condition: () => Promise<boolean>, limitMs = 10_000): Promise<boolean> {
  return (await waitFor(clock, async () => ((await condition()) ? true : undefined), { limitMs })) === true;
}
