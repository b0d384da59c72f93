/** The CPU time of some work in milliseconds: that of the system and of other threads included, that of other processes not. */
export function cpuMsOf(work: () => unknown): number {
  const before = process.cpuUsage();
  work();
  const { user, system } = process.cpuUsage(before);
  return (user + system) / 1_000;
}
