import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { readRecording } from "../../src/recording/read.ts";
import { harness, type HarnessRun, temporaryFolder } from "../support/harness.ts";
import { onlyRunBelow, type RunFolder } from "../cli/started-harness.ts";

export const hasLeader = "etcd_server_has_leader";
export const applied = "sum by (member) (rate(etcd_server_proposals_applied_total[2s]))";

/** One member under load for six seconds, judged in PromQL. */
export function promqlScenario(...assertions: readonly string[]): string {
  return [
    "description: One member under load, judged in PromQL.",
    'cluster: { members: 1, etcd: "3.5", flags: { heartbeat-interval: 50, election-timeout: 500 } }',
    "workload:",
    "  kv: { rate: 50, clients: 3, keys: 10 }",
    "timeline:",
    "  - phase: calm",
    "    duration: 6s",
    "assertions:",
    ...assertions.map((each) => `  - ${each}`),
    "",
  ].join("\n");
}

export interface Told extends HarnessRun, AsyncDisposable {
  readonly path: string;
  readonly run: RunFolder;
}

/** Runs such a scenario to its end and keeps its folder until disposed. */
export async function tell(runtime: "local" | "docker", assertions: readonly string[], ...options: readonly string[]): Promise<Told> {
  const folder = await temporaryFolder();
  const path = join(folder.path, "asked.yaml");
  await writeFile(path, promqlScenario(...assertions));
  const ran = await harness(["scenario", path, "--runtime", runtime, "--toxiproxy", "embedded", "--out", folder.path, ...options]);
  const run = await onlyRunBelow(folder.path, "asked").catch((error: unknown) => {
    throw new Error(`${String(error)}\n${ran.stdout}${ran.stderr}`);
  });
  return { ...ran, path, run, [Symbol.asyncDispose]: () => folder[Symbol.asyncDispose]() };
}

/** Values of one query of a run, by the moments at which it was asked. */
export async function valuesOf({ path }: Pick<RunFolder, "path">, query: string): Promise<ReadonlyMap<number, number>> {
  const { promql } = await readRecording(path);
  const answer = promql.find((each) => each.query === query);
  if (answer === undefined || "error" in answer) throw new Error(`${query} has no answer: ${JSON.stringify(answer)}`);
  return new Map(answer.series.flatMap(({ points }) => points.map(([atMs, value]) => [atMs, Number(value)] as const)));
}
