import { mkdtemp, open, readFile, rm } from "node:fs/promises";
import { availableParallelism } from "node:os";
import { join } from "node:path";
import type { Clock } from "../clock.ts";
import type { Machine } from "./jobs.ts";

/** What this machine has for runs whose files are below a folder. */
export async function thisMachine(folder: string, clock: Clock): Promise<Machine> {
  return { cpus: availableParallelism(), memoryBytes: process.availableMemory(), fsyncMs: await fsyncMs(folder, clock).catch(() => undefined) };
}

const syncs = 21;
const writeBytes = 8 * 1024;

/** How long a write of the size of a log entry takes to be on the disk: the median. */
async function fsyncMs(folder: string, clock: Clock): Promise<number | undefined> {
  const own = await mkdtemp(join(folder, "etcd-chaos-fsync-"));
  try {
    await using file = await open(join(own, "probe"), "w");
    const tookMs: number[] = [];
    for (let turn = 0; turn < syncs; turn += 1) {
      const startMs = clock.nowMs();
      await file.write(Buffer.alloc(writeBytes, turn));
      await file.datasync();
      tookMs.push(clock.nowMs() - startMs);
    }
    return tookMs.sort((a, b) => a - b)[(syncs - 1) / 2];
  } finally {
    await rm(own, { recursive: true, force: true });
  }
}

/**
 * Milliseconds, since the machine began, in which something that could run waited for a CPU (Linux's pressure stall
 * information, `some`); undefined where the kernel does not tell. Two readings tell of any stretch of time, whatever its length.
 */
export async function cpuStallMs(): Promise<number | undefined> {
  const text = await readFile("/proc/pressure/cpu", "utf8").catch(() => "");
  return stallMsIn(text);
}

/** The total of the line `some` of a file below /proc/pressure, which counts in microseconds. */
export function stallMsIn(text: string): number | undefined {
  const total = /^some .*\btotal=(\d+)$/m.exec(text)?.[1];
  return total === undefined ? undefined : Number(total) / 1e3;
}
