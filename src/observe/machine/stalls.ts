import { readNow } from "./read-now.ts";

/** What the kernel has counted for the machine as a whole, in milliseconds; what it does not tell is absent. */
export interface Stalls {
  readonly cpuStalledMs?: number;
  readonly ioStalledMs?: number;
  readonly stolenMs?: number;
}

/** Reads pressure stall information (Linux: Documentation/accounting/psi.rst) and the stolen time of /proc/stat. */
export function readStalls(): Stalls {
  const [cpuStalledMs, ioStalledMs, stolenMs] = [pressureMs(readNow("/proc/pressure/cpu")), pressureMs(readNow("/proc/pressure/io")), stolenMsIn(readNow("/proc/stat"))];
  return { ...(cpuStalledMs === undefined ? {} : { cpuStalledMs }), ...(ioStalledMs === undefined ? {} : { ioStalledMs }), ...(stolenMs === undefined ? {} : { stolenMs }) };
}

/** The total of `some avg10=0.00 avg60=0.00 avg300=0.00 total=1234`, which counts microseconds. */
export function pressureMs(text: string): number | undefined {
  const [, total] = /^some .*\btotal=(\d+)/m.exec(text) ?? [];
  return total === undefined ? undefined : Number(total) / 1_000;
}

/** Linux counts hundredths of a second here, whatever the kernel's own ticks are. */
const tickMs = 10;

/** The eighth figure of `cpu user nice system idle iowait irq softirq steal …`. */
export function stolenMsIn(text: string): number | undefined {
  const [, ...figures] = /^cpu .*$/m.exec(text)?.[0].split(/\s+/) ?? [];
  return figures[7] === undefined ? undefined : Number(figures[7]) * tickMs;
}

/** How much each grew from one reading to the next, where both have it. */
export function stalledSince(before: Stalls, now: Stalls): Stalls {
  const grown = (name: keyof Stalls): Stalls => {
    const [was, is] = [before[name], now[name]];
    return was === undefined || is === undefined ? {} : { [name]: Math.max(0, is - was) };
  };
  return { ...grown("cpuStalledMs"), ...grown("ioStalledMs"), ...grown("stolenMs") };
}
