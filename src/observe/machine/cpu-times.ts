import { readdirSync } from "node:fs";
import type { CpuTimes } from "../../recording/machine.ts";
import { readNow } from "./read-now.ts";

/** What the kernel has counted for each thread of a process, by thread. */
export type ThreadTimes = ReadonlyMap<string, CpuTimes>;

/**
 * Reads the scheduler's own count (Linux: Documentation/scheduler/sched-stats.rst): nanoseconds on a CPU, and nanoseconds ready
 * to run and waiting for one. A process's own `schedstat` tells of its first thread alone, so all threads are read. What waits
 * for a lock, a disk or the network, or is stopped by a signal, does not wait for a CPU. Empty where there is no such process.
 *
 * @param alone without those that it started; otherwise a wrapper's etcd counts as the wrapper
 */
export function readThreadTimes(pid: number, alone = false): ThreadTimes {
  const found = new Map<string, CpuTimes>();
  const processes = new Set([String(pid)]);
  // It grows while it is gone through.
  for (const each of processes) {
    for (const thread of threadsOf(each)) {
      const task = `/proc/${each}/task/${thread}`;
      const [, ran, waited] = /^(\d+) (\d+) /.exec(readNow(`${task}/schedstat`)) ?? [];
      if (ran !== undefined) found.set(thread, { ranMs: Number(ran) / 1e6, waitedMs: Number(waited) / 1e6 });
      if (!alone) for (const child of readNow(`${task}/children`).split(" ")) if (child !== "") processes.add(child);
    }
  }
  return found;
}

function threadsOf(pid: string): string[] {
  try {
    return readdirSync(`/proc/${pid}/task`);
  } catch {
    return [];
  }
}

/** What was counted from one reading to the next; a thread that was not there before began in between. */
export function grownSince(before: ThreadTimes, now: ThreadTimes): CpuTimes {
  let [ranMs, waitedMs] = [0, 0];
  for (const [thread, times] of now) {
    const earlier = before.get(thread);
    ranMs += Math.max(0, times.ranMs - (earlier?.ranMs ?? 0));
    waitedMs += Math.max(0, times.waitedMs - (earlier?.waitedMs ?? 0));
  }
  return { ranMs, waitedMs };
}
