import { runCommand } from "../../src/process.ts";

/** What a client did, or could. */
export interface Speed {
  readonly putsPerSecond: number;
  /** Processor time of the client alone for a put, in microseconds. */
  readonly cpuUs: number;
}

const program = process.env["ETCD_BENCHMARK"] ?? "benchmark";
const puts = 40_000;

/**
 * Puts by etcd's own benchmark tool (`tools/benchmark` of its sources): `benchmark` on the PATH, or where ETCD_BENCHMARK
 * says. Rejects where there is none.
 */
export async function etcdBenchmark(url: string, clients: number): Promise<Speed> {
  const args = [`--endpoints=${url}`, `--conns=${clients}`, `--clients=${clients}`, "put", "--key-size=8", "--val-size=16", `--total=${puts}`, "--key-space-size=1000"];
  const { exitCode, stdout, stderr } = await runCommand("/bin/sh", ["-c", '"$@" && times', "sh", program, ...args], { timeoutMs: 300_000 });
  const [, perSecond] = /Requests\/sec:\s+([\d.]+)/.exec(stdout) ?? [];
  if (exitCode !== 0 || perSecond === undefined) throw new Error(`${program} ended with ${exitCode}: ${stderr.trim().split("\n").at(-1)}`);
  return { putsPerSecond: Number(perSecond), cpuUs: (childrenSeconds(stdout) / puts) * 1e6 };
}

/** The last line that `times` prints: user and system time of what the shell has run, each as 1m2.34s. */
function childrenSeconds(output: string): number {
  const times = [...(output.trimEnd().split("\n").at(-1) ?? "").matchAll(/(\d+)m([\d.]+)s/g)];
  return times.reduce((sum, [, minutes, seconds]) => sum + Number(minutes) * 60 + Number(seconds), 0);
}
