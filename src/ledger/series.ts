import type { Entry } from "./entry.ts";

/** Runs that can be laid side by side over time: one scenario on one series of etcd in one runtime. */
export interface Series {
  readonly scenario: string;
  /** Such as `3.5`. */
  readonly etcd: string;
  readonly runtime: string;
  /** Oldest first. */
  readonly entries: readonly Entry[];
}

/** All series, by scenario, then as their etcd and runtime are called. @param entries oldest first */
export function seriesOf(entries: readonly Entry[]): Series[] {
  const found = new Map<string, { scenario: string; etcd: string; runtime: string; entries: Entry[] }>();
  for (const entry of entries) {
    const { scenario, runtime } = entry;
    const etcd = etcdOf(entry);
    const key = JSON.stringify([scenario, etcd, runtime]);
    const series = found.get(key) ?? { scenario, etcd, runtime, entries: [] };
    series.entries.push(entry);
    found.set(key, series);
  }
  return [...found].sort(([one], [other]) => one.localeCompare(other, "en", { numeric: true })).map(([, series]) => series);
}

/** The version in an entry whose run ended before a member ran. */
export const etcdUnknown = "unknown";

/** Of a run that ended before it had an etcd the series that it asked for, so that it stands beside the others and is overtaken by the next. */
function etcdOf({ etcd: { version, asked } }: Entry): string {
  const wanted = version === etcdUnknown && asked !== undefined && /^\d+\.\d+(?:\.|$)/.test(asked) ? asked : version;
  return etcdSeries(wanted);
}

/** `3.5` of `3.5.30`; whatever is no such version stands for itself. */
export function etcdSeries(version: string): string {
  return /^\d+\.\d+(?=\.)/.exec(version)?.[0] ?? version;
}

/** What a machine is like, as far as figures depend on it: two of one kind may have different names. */
export function machineKind({ machine: { platform, cpus, memoryBytes } }: Pick<Entry, "machine">): string {
  return `${platform}, ${cpus} CPUs, ${Math.round(memoryBytes / 2 ** 30)} GiB`;
}
