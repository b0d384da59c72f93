import type Docker from "dockerode";
import type { Clock } from "../../clock.ts";

const periodUs = 100_000;

/** Leaves a container a share of one CPU; it keeps it over restarts. */
export async function limitCpu(container: Docker.Container, share: number): Promise<void> {
  await container.update({ CpuPeriod: periodUs, CpuQuota: Math.round(share * periodUs) });
}

/** Idempotent. */
export async function unlimitCpu(container: Docker.Container): Promise<void> {
  await container.update({ CpuQuota: -1 });
}

/** In which part of a while, 0 to 1, the kernel kept the container from running although it wanted to. */
export async function heldBack(container: Docker.Container, clock: Clock, whileMs: number): Promise<number> {
  const before = await throttling(container);
  await clock.sleep(whileMs);
  const after = await throttling(container);
  // The kernel counts only periods in which it wanted to run.
  const periods = after.periods - before.periods;
  return periods > 0 ? (after.throttled_periods - before.throttled_periods) / periods : 0;
}

async function throttling(container: Docker.Container): Promise<{ periods: number; throttled_periods: number }> {
  const { cpu_stats: cpu } = await container.stats({ stream: false, "one-shot": true });
  return cpu.throttling_data;
}
