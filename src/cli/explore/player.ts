import { mkdir, readdir, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import type { Clock } from "../../clock.ts";
import { messageOf } from "../../errors.ts";
import { coveredFeatures } from "../../explore/covered.ts";
import type { Played, Player } from "../../explore/played.ts";
import { scenarioText } from "../../explore/print.ts";
import { promisesOf } from "../../explore/promises.ts";
import { durationMs } from "../../explore/sketch.ts";
import { readRecording } from "../../recording/read.ts";
import { lastError, runScenarioProcess } from "../../scenario-process.ts";
import { readJudged } from "./judged-run.ts";

/** Starting, stopping, judging and drawing, on a machine that has other things to do. */
const besideMaxMs = 120_000;
const lastWordsMax = 400;

export interface PlayerOptions {
  /** Where scenario files and runs go. */
  readonly folder: string;
  readonly etcd: string;
  readonly runtime: string;
  readonly clock: Clock;
  /** Aborted, its runs end in order. */
  readonly signal: AbortSignal;
}

/** Plays each sketch by a harness of its own, so that one that dies takes no other with it. */
export function harnessPlayer({ folder, etcd, runtime, clock, signal }: PlayerOptions): Player {
  let count = 0;
  return {
    async play(sketch, seed) {
      const name = `run-${(count += 1)}`;
      await mkdir(folder, { recursive: true });
      const path = join(folder, `${name}.yaml`);
      await writeFile(path, scenarioText(sketch, { description: "Drawn by chance: all that etcd promises is to hold.", etcd, promises: promisesOf(sketch) }));
      const options = { "--runtime": runtime, "--seed": String(seed), "--out": folder };
      const { end, stderr } = await runScenarioProcess({ asked: path, options, limitMs: durationMs(sketch) + besideMaxMs, clock, signal });
      return played(join(folder, name), end, lastError(stderr) ?? stderr.join(" ").slice(-lastWordsMax));
    },
    async forget({ folder: run }) {
      if (run === undefined) return;
      const scenario = join(run, "..");
      await rm(scenario, { recursive: true, force: true });
      await rm(`${scenario}.yaml`, { force: true });
    },
  };
}

async function played(scenario: string, how: string, said: string): Promise<Played> {
  const [id] = (await readdir(scenario).catch(() => [])).filter((name) => name !== "latest");
  if (id === undefined) return broken(`${how}: ${said}`);
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
