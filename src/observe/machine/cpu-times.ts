import { readdir, readFile } from "node:fs/promises";
import type { CpuTimes } from "../../recording/machine.ts";

/** What the kernel has counted for each thread of a process and of those that it started, by thread. */
export type ThreadTimes = ReadonlyMap<string, CpuTimes>;

/**
 * Reads the scheduler's own count (Linux: Documentation/scheduler/sched-stats.rst): nanoseconds on a CPU, and nanoseconds ready
 * to run and waiting for one. A process's own `schedstat` tells of its first thread alone, so all threads are read. What waits
 * for a lock, a disk or the network, or is stopped by a signal, does not wait for a CPU. Empty where there is no such process.
 */
export async function readThreadTimes(pid: number): Promise<ThreadTimes> {
  const found = new Map<string, CpuTimes>();
  const seen = new Set([String(pid)]);
  // It grows while it is gone through: a wrapper's etcd is a child of it.
  for (const each of seen) {
    const threads = await readdir(`/proc/${each}/task`).catch(() => []);
    await Promise.all(threads.map(async (thread) => {
      const task = `/proc/${each}/task/${thread}`;
      const [counted, children] = await Promise.all([readFile(`${task}/schedstat`, "utf8").catch(() => ""), readFile(`${task}/children`, "utf8").catch(() => "")]);
      for (const child of children.split(" ").filter((text) => text !== "")) seen.add(child);
      const [, ran, waited] = /^(\d+) (\d+) /.exec(counted) ?? [];
      if (ran !== undefined) found.set(thread, { ranMs: Number(ran) / 1e6, waitedMs: Number(waited) / 1e6 });
    }));
  }
  return found;
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
