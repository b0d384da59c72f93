/** What of a machine decides how many runs it bears side by side. */
export interface Machine {
  readonly cpus: number;
  readonly memoryBytes: number;
  /** How long a write takes until it is on the disk, as the median of several; undefined where it could not be tried. */
  readonly fsyncMs: number | undefined;
}

export interface Jobs {
  readonly jobs: number;
  /** One sentence. */
  readonly because: string;
}

/** A run has three members, links, load and harness: three at a time on two CPUs missed bounds that each kept alone. */
const cpusPerRun = 2;
const memoryPerRunBytes = 1e9;
/** What etcd's own tuning guide asks of 99 of 100 syncs; where half of them take longer, runs would wait for each other. */
const fsyncMaxMs = 10;
const jobsMax = 8;

/** How many runs to begin with. */
export function startingJobs({ cpus, memoryBytes, fsyncMs }: Machine): Jobs {
  if (fsyncMs !== undefined && fsyncMs > fsyncMaxMs) return { jobs: 1, because: `a sync to disk takes ${fsyncMs.toFixed(1)} ms, above ${fsyncMaxMs} ms` };
  const byCpu = Math.floor(cpus / cpusPerRun);
  const byMemory = Math.floor(memoryBytes / memoryPerRunBytes);
  const jobs = Math.max(1, Math.min(jobsMax, byCpu, byMemory));
  return { jobs, because: byMemory < byCpu ? `${(memoryBytes / 1e9).toFixed(1)} GB of memory are free, and a run may take 1 GB` : `${cpus} CPUs, ${cpusPerRun} for each run` };
}

/** What a run felt of the others. */
export interface Strain {
  readonly beside: number;
  /** From 0 to 1; undefined where the kernel does not tell. */
  readonly cpuPressure?: number | undefined;
  readonly timerLateMaxMs?: number | undefined;
}

/** Above these a run measures the machine as much as etcd; the load's lateness is a tenth of a usual bound of 5 s. */
export const strainLimits = { cpuPressure: 0.4, timerLateMs: 500 } as const;
/** Below these there is room for one more. */
const easeLimits = { cpuPressure: 0.15, timerLateMs: 100 } as const;

/**
 * How many runs from now on, after one that ended: one less where it was strained, one more where it was at ease, but
 * no more than there were at first. A run that had no other beside it tells nothing of how many there may be.
 */
export function adaptedJobs(now: number, first: number, strain: Strain): Jobs | undefined {
  const { beside, cpuPressure, timerLateMaxMs } = strain;
  if (beside === 0) return undefined;
  const because = strainOf(strain);
  if (because !== undefined) return now > 1 ? { jobs: now - 1, because } : undefined;
  const known = cpuPressure !== undefined || timerLateMaxMs !== undefined;
  const atEase = known && (cpuPressure ?? 0) < easeLimits.cpuPressure && (timerLateMaxMs ?? 0) < easeLimits.timerLateMs;
  return atEase && now < first ? { jobs: now + 1, because: "a run beside others was at ease" } : undefined;
}

/** What of a run shows that the machine was too busy for it; undefined where nothing does. */
export function strainOf({ cpuPressure, timerLateMaxMs }: Pick<Strain, "cpuPressure" | "timerLateMaxMs">): string | undefined {
  if (cpuPressure !== undefined && cpuPressure > strainLimits.cpuPressure) return `something waited for a CPU in ${Math.round(cpuPressure * 100)} % of its time, above ${strainLimits.cpuPressure * 100} %`;
  if (timerLateMaxMs !== undefined && timerLateMaxMs > strainLimits.timerLateMs) return `the load generator was woken ${Math.ceil(timerLateMaxMs)} ms too late, above ${strainLimits.timerLateMs} ms`;
  return undefined;
}
