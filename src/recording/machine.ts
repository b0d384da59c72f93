import { isLoose, isNumber, isOptional } from "./loose.ts";

/** How long the threads of a process ran, and how long they were ready to and had to wait for a CPU, all added up. */
export interface CpuTimes {
  readonly ranMs: number;
  readonly waitedMs: number;
}

/** How busy the machine was since the last sample: a line of `machine.jsonl`, one a second. */
export interface MachineSample {
  readonly atMs: number;
  /** The length of time that it is about, which ends with it. */
  readonly overMs: number;
  /** By member, `load`, `proxy` and `harness`; those that are not this machine's, or not yet known, are left out. */
  readonly processes: Readonly<Record<string, CpuTimes>>;
  /** The longest that the harness's own event loop was late. */
  readonly loopLateMs: number;
  /** How long some process of the machine waited for a CPU, or for a disk (PSI, `some`); absent where the kernel does not tell. */
  readonly cpuStalledMs?: number;
  readonly ioStalledMs?: number;
  /** How long the hypervisor kept CPUs from running, of all CPUs added up. */
  readonly stolenMs?: number;
}

/** Whether a parsed line is such a sample. */
export function isMachineSample(value: unknown): value is MachineSample {
  if (!isLoose<MachineSample>(value)) return false;
  const { atMs, overMs, processes, loopLateMs, cpuStalledMs, ioStalledMs, stolenMs } = value;
  return (
    isNumber(atMs) && isNumber(overMs) && isNumber(loopLateMs) &&
    [cpuStalledMs, ioStalledMs, stolenMs].every((ms) => isOptional(isNumber, ms)) &&
    typeof processes === "object" && processes !== null && Object.values(processes).every(isCpuTimes)
  );
}

function isCpuTimes(value: unknown): value is CpuTimes {
  return isLoose<CpuTimes>(value) && isNumber(value.ranMs) && isNumber(value.waitedMs);
}
