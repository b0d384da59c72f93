import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { MonotonicClock } from "../../src/clock.ts";
import { whyNoNamespaces } from "../../src/cluster/local/namespace.ts";
import { whyNoDocker } from "../support/docker.ts";
import { harness, temporaryFolder } from "../support/harness.ts";
import { printTable, type Row } from "./table.ts";

const rounds = 3;
const timelineMs = 4_000;
const scenario = `description: Three members, a little load, and a short partition.
workload:
  kv: { rate: 50, clients: 3, keys: 10 }
timeline:
  - phase: baseline
    duration: 1s
  - phase: isolated
    duration: 2s
    faults:
      - partition: { target: follower, mode: closing }
  - phase: recovery
    duration: 1s
assertions:
  - leader-changes: { during: baseline, at-most: 9 }
`;

/** How long a whole run takes, from the command to its end, beside its timeline. */
export async function benchRuns(): Promise<void> {
  const clock = new MonotonicClock();
  await using folder = await temporaryFolder();
  const path = join(folder.path, "short.yaml");
  await writeFile(path, scenario);
  const rows: Row[] = [{ name: "the timeline", values: [timelineMs] }];
  for (const [runtime, missing] of [["local", await whyNoNamespaces()], ["docker", whyNoDocker]] as const) {
    if (missing !== undefined) {
      process.stdout.write(`the ${runtime} runtime is left out: ${missing}\n`);
      continue;
    }
    const values: number[] = [];
    // The first fills caches and builds images; it does not count.
    for (let round = 0; round <= rounds; round++) {
      const beganMs = clock.nowMs();
      const { exitCode, stdout, stderr } = await harness(["scenario", path, "--runtime", runtime, "--out", join(folder.path, runtime)]);
      if (exitCode !== 0) throw new Error(`a run in the ${runtime} runtime ended with ${exitCode}:\n${stdout}\n${stderr}`);
      if (round > 0) values.push(clock.nowMs() - beganMs);
    }
    rows.push({ name: `a run in the ${runtime} runtime`, values });
  }
  printTable("a whole run, from the command to its end", "ms", rows);
}
