import { mkdir, readdir, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { startChild } from "../../child.ts";
import { timeLimit } from "../../clock.ts";
import { messageOf } from "../../errors.ts";
import { coveredFeatures } from "../../explore/covered.ts";
import type { Played, Player } from "../../explore/played.ts";
import { scenarioText } from "../../explore/print.ts";
import { promisesOf } from "../../explore/promises.ts";
import { durationMs } from "../../explore/sketch.ts";
import { readRecording } from "../../recording/read.ts";
import { readJudged } from "./judged-run.ts";

const entry = fileURLToPath(new URL("../../../bin/etcd-chaos.mjs", import.meta.url));

/** Starting, stopping, judging and drawing, on a machine that has other things to do. */
const besideMaxMs = 120_000;
const lastWordsMax = 400;

export interface PlayerOptions {
  /** Where scenario files and runs go. */
  readonly folder: string;
  readonly etcd: string;
  readonly runtime: string;
  /** Aborted, runs end in order. */
  readonly signal: AbortSignal;
}

/**
 * Plays each sketch by a harness of its own, so that one that dies takes no other with it. A run whose harness
 * does not end in time is killed, and its watchdog removes what it had started.
 */
export function harnessPlayer({ folder, etcd, runtime, signal }: PlayerOptions): Player {
  let count = 0;
  return {
    async play(sketch, seed) {
      const name = `run-${(count += 1)}`;
      await mkdir(folder, { recursive: true });
      const path = join(folder, `${name}.yaml`);
      await writeFile(path, scenarioText(sketch, { description: "Drawn by chance: all that etcd promises is to hold.", etcd, promises: promisesOf(sketch) }));
      const said: string[] = [];
      const limit = timeLimit(durationMs(sketch) + besideMaxMs);
      await using child = await startChild(process.execPath, [entry, "scenario", path, "--runtime", runtime, "--seed", String(seed), "--out", folder], { onLine: (line) => void said.push(line) });
      const end = (): void => child.signal("SIGTERM");
      signal.addEventListener("abort", end, { once: true });
      limit.addEventListener("abort", end, { once: true });
      const how = await child.ended.finally(() => signal.removeEventListener("abort", end));
      return played(join(folder, name), how, said);
    },
    async forget({ folder: run }) {
      if (run === undefined) return;
      const scenario = join(run, "..");
      await rm(scenario, { recursive: true, force: true });
      await rm(`${scenario}.yaml`, { force: true });
    },
  };
}

async function played(scenario: string, how: string, said: readonly string[]): Promise<Played> {
  const [id] = (await readdir(scenario).catch(() => [])).filter((name) => name !== "latest");
  if (id === undefined) return broken(`${how}: ${said.join(" ").slice(-lastWordsMax)}`);
  const folder = join(scenario, id);
  try {
    const { outcome, violations } = await readJudged(folder);
    return { outcome, violations, covered: coveredFeatures(await readRecording(folder)), folder };
  } catch (error) {
    return { ...broken(`${how}: ${messageOf(error)}`), folder };
  }
}

function broken(trouble: string): Played {
  return { outcome: "broken", violations: [], covered: [], folder: undefined, trouble };
}
