import { existsSync } from "node:fs";
import { mkdir, readdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { MonotonicClock, waitFor } from "../../src/clock.ts";
import { nightlySchema, type Nightly } from "../../src/nightly/nightly.ts";
import { harness, type HarnessRun } from "../support/harness.ts";
import { shortScenarios, writeShortScenario } from "./short-scenarios.ts";
import { runsBelow, startHarness, type RunFolder } from "./started-harness.ts";
import { Stories } from "./stories.ts";

const clock = new MonotonicClock();
/** What has to come may take so long on a busy machine; so does a run that ends in order. */
const patienceMs = 240_000;
/** Several runs. */
const nightlyMaxMs = 480_000;

type Short = keyof typeof shortScenarios;

/** What a nightly left. */
export interface NightlyTold extends HarnessRun {
  readonly out: string;
  readonly nightly: Nightly;
}

async function nightlyIn(out: string, name = "nightly"): Promise<Nightly> {
  return nightlySchema.parse(JSON.parse(await readFile(join(out, `${name}.json`), "utf8")));
}

const local = ["--runtime", "local", "--toxiproxy", "embedded"] as const;

/** Nightlies of short scenarios, really run. */
export function beginNightlyStories(folder: string) {
  const stories = new Stories(2);
  const args = async (out: string, scenarios: readonly Short[], options: readonly string[]): Promise<string[]> => {
    const paths = await Promise.all(scenarios.map((name) => writeShortScenario(folder, name)));
    return ["nightly", ...paths, ...local, "--out", out, ...options];
  };
  const tell = async (called: string, scenarios: readonly Short[], options: readonly string[] = [], env: NodeJS.ProcessEnv = {}): Promise<NightlyTold> => {
    const out = join(folder, called);
    const run = await harness(await args(out, scenarios, options), env, nightlyMaxMs);
    return { ...run, out, nightly: await nightlyIn(out) };
  };
  /** Starts one and lets something happen once the fault of its first run is in force. */
  const whileIsolated = async (called: string, then: NodeJS.Signals): Promise<{ readonly end: string; readonly stderr: string; readonly out: string; readonly run: RunFolder; readonly leftovers: readonly string[] }> => {
    const out = join(folder, called);
    await using started = await startHarness(...(await args(out, ["isolated", "calm"], ["--jobs", "1"])));
    const run = await waitFor(clock, async () => {
      const [first] = await runsBelow(out, "isolated").catch(() => []);
      const seen = first?.has("events.jsonl") === true && /"state":"(in)?effective"/.test(await first.text("events.jsonl"));
      return seen ? first : undefined;
    }, { limitMs: patienceMs, everyMs: 100 });
    if (run === undefined) throw new Error(`no fault came into force:\n${started.stderr()}`);
    started.signal(then);
    const end = await started.ended;
    await waitFor(clock, async () => ((await run.info()).status === "running" ? undefined : true), { limitMs: patienceMs, everyMs: 100 });
    return { end, stderr: started.stderr(), out, run, leftovers: await run.leftoversWithin(patienceMs) };
  };

  return {
    mixed: stories.play(async () => {
      const summary = join(folder, "step.md");
      await writeFile(summary, "");
      const told = await tell("mixed", ["calm", "failing", "unplayable"], ["--jobs", "2", "--seed", "5"], { GITHUB_ACTIONS: "true", GITHUB_STEP_SUMMARY: summary, GITHUB_WORKSPACE: folder });
      const page = await readFile(join(told.out, "nightly.html"), "utf8");
      const again = await harness(["nightly", "--last-failed", ...local, "--out", told.out, "--retries", "1"], {}, nightlyMaxMs);
      return { ...told, page, step: await readFile(summary, "utf8"), again: { ...again, nightly: await nightlyIn(told.out) } };
    }),
    flake: stories.play(async () => {
      const own = join(folder, "flaky");
      await mkdir(own);
      const path = join(own, "calm.yaml");
      const out = join(own, "out");
      // What the second attempt reads has another assertion than the first one's, which cannot hold.
      await writeFile(path, shortScenarios.calm.trimStart().replace("at-most: 9", "at-least: 5"));
      await using started = await startHarness("nightly", path, ...local, "--out", out, "--retries", "4");
      const begun = await waitFor(clock, () => (existsSync(join(out, "calm")) ? true : undefined), { limitMs: patienceMs });
      if (!begun) throw new Error(`no run began:\n${started.stderr()}`);
      await writeFile(path, shortScenarios.calm.trimStart());
      return { end: await started.ended, stdout: started.stdout(), nightly: await nightlyIn(out) };
    }),
    shards: stories.play(async () => {
      const shards: Nightly[] = [];
      for (const index of [1, 2]) {
        // Which scenarios are in a shard is known without playing them.
        await harness(await args(join(folder, "shards"), ["calm", "single"], ["--shard", `${index}/2`, "--seed", "1", "--time-limit", "1ms"]));
        shards.push(await nightlyIn(join(folder, "shards"), `nightly-${index}-of-2`));
      }
      return { shards, files: (await readdir(join(folder, "shards"))).filter((name) => name.startsWith("nightly")) };
    }),
    noTime: stories.play(() => tell("no-time", ["calm", "single"], ["--time-limit", "2s"])),
    interrupted: stories.play(async () => {
      const told = await whileIsolated("interrupted", "SIGINT");
      return { ...told, nightly: await nightlyIn(told.out) };
    }),
    killed: stories.play(() => whileIsolated("killed", "SIGKILL")),
  };
}
