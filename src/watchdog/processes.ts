import { readdir, readFile } from "node:fs/promises";
import { runVariable } from "../marks.ts";

export interface MarkedProcess {
  readonly pid: number;
  readonly runId: string;
}

/**
 * Processes of this user that carry a run's mark in their environment. Reading the mark from
 * the kernel finds also what was started a moment before the harness died, and never takes
 * a reused pid for ours.
 */
export async function markedProcesses(): Promise<MarkedProcess[]> {
  const entries = await readdir("/proc").catch(() => []);
  const found = await Promise.all(entries.filter((name) => /^\d+$/.test(name)).map((pid) => readMark(Number(pid))));
  return found.filter((process) => process !== undefined);
}

async function readMark(pid: number): Promise<MarkedProcess | undefined> {
  const environment = await readFile(`/proc/${pid}/environ`, "utf8").catch(() => "");
  const mark = environment.split("\0").find((entry) => entry.startsWith(`${runVariable}=`));
  return mark === undefined ? undefined : { pid, runId: mark.slice(runVariable.length + 1) };
}

/**
 * Kills every process with the run's mark, and looks again until there is none: one may just
 * have been starting another. @returns how many were killed
 */
export async function killMarked(runId: string): Promise<number> {
  const killed = new Set<number>();
  for (let round = 0; round < 50; round++) {
    const left = (await markedProcesses()).filter((found) => found.runId === runId && found.pid !== process.pid);
    if (left.length === 0) break;
    for (const { pid } of left) {
      try {
        process.kill(pid, "SIGKILL");
        killed.add(pid);
      } catch {
        // It has ended meanwhile.
      }
    }
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
  return killed.size;
}
