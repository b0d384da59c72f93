import { createServer } from "node:net";
import { once } from "node:events";
import { join } from "node:path";
import { startChild } from "../../src/child.ts";
import { MonotonicClock, waitFor } from "../../src/clock.ts";
import { runVariable } from "../../src/marks.ts";
import { ExpositionParser } from "../../src/observe/prometheus-text.ts";
import { runCommand } from "../../src/process.ts";
import { harness, type HarnessRun } from "../support/harness.ts";
import { get, put } from "../support/kv.ts";
import { markedOf, pidOf, watchdogOf } from "../watchdog/marked.ts";
import { writeShortScenario, type shortScenarios } from "./short-scenarios.ts";
import { onlyRunBelow, runsBelow, startHarness, type RunFolder, type StartedHarness } from "./started-harness.ts";
import { Stories } from "./stories.ts";

const clock = new MonotonicClock();

/** What a story leaves to look at. */
interface Told {
  /** `exit code 130`, `SIGKILL`. */
  readonly end: string;
  readonly stdout: string;
  readonly stderr: string;
  readonly run: RunFolder;
  readonly leftovers: readonly string[];
}

interface Scene {
  readonly harness: StartedHarness;
  readonly out: string;
  /** The only run; throws before there is one. */
  run(): Promise<RunFolder>;
}

/** What a killed harness may leave is gone so soon. */
const watchdogLimitMs = 5_000;

/** Starts a short scenario in the local runtime, lets the story happen to it, and sees what is left when it has ended. */
async function tell(folder: string, called: string, scenario: keyof typeof shortScenarios, options: readonly string[], story: (scene: Scene) => Promise<void>): Promise<Told> {
  const out = join(folder, called);
  const path = await writeShortScenario(folder, scenario);
  await using started = await startHarness("scenario", path, "--runtime", "local", "--toxiproxy", "embedded", "--out", out, ...options);
  await story({ harness: started, out, run: () => onlyRunBelow(out, scenario) });
  const end = await started.ended;
  const run = (await runsBelow(out, scenario)).at(-1);
  if (run === undefined) throw new Error(`there is no run:\n${started.stderr()}`);
  return { end, stdout: started.stdout(), stderr: started.stderr(), run, leftovers: await run.leftoversWithin(watchdogLimitMs) };
}

/** Cut off, whether or not a busy machine let that be proven. */
const inForce = /partition (in)?effective/;

function kill(pid: number | undefined, signal: NodeJS.Signals): void {
  if (pid === undefined) throw new Error("there is no such process");
  process.kill(pid, signal);
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, "127.0.0.1");
  await once(server, "listening");
  const address = server.address();
  server.close();
  await once(server, "close");
  return typeof address === "object" && address !== null ? address.port : 0;
}

interface Metrics {
  readonly contentType: string | null;
  readonly values: ReadonlyMap<string, number>;
}

/** Scrapes until the load is seen in it. */
async function scrape(port: number): Promise<Metrics | undefined> {
  return waitFor(clock, async () => {
    const response = await fetch(`http://127.0.0.1:${port}/metrics`);
    const values = new Map(new ExpositionParser().parse(await response.text()).map(({ key, value }) => [key, value]));
    return (values.get('etcd_chaos_operations_total{outcome="ok"}') ?? 0) > 0 ? { contentType: response.headers.get("content-type"), values } : undefined;
  }, { limitMs: 20_000 });
}

export type RunStories = ReturnType<typeof beginRunStories>;

/** What can happen to a run: real runs of short scenarios, a few at a time, the longest first. */
export function beginRunStories(folder: string) {
  const stories = new Stories(3);
  const isolated = (called: string, story: (scene: Scene) => Promise<void>) => stories.play(() => tell(folder, called, "isolated", [], story));
  const signalled = (called: string, ...signals: readonly NodeJS.Signals[]) =>
    isolated(called, async ({ harness }) => {
      await harness.says(inForce);
      for (const signal of signals) harness.signal(signal);
    });

  return {
    repeated: stories.play(async () => {
      const port = await freePort();
      let metrics: Metrics | undefined;
      const told = await tell(folder, "repeated", "single", ["--repeat", "2", "--seed", "7", "--metrics-port", String(port)], async ({ harness }) => {
        await harness.says(/phase frozen/);
        metrics = await scrape(port);
      });
      return { ...told, metrics, runs: await runsBelow(join(folder, "repeated"), "single") };
    }),
    hung: stories.play(async () => {
      let whileLeft: readonly string[] = [];
      const told = await tell(folder, "hung", "isolated", [], async ({ harness, run }) => {
        await harness.says(inForce);
        kill(await pidOf(["toxiproxy/server/main.ts"], await markedOf((await run()).runId)), "SIGSTOP");
        harness.signal("SIGINT");
        await harness.says(/SIGINT: ending in order/);
        // Later than what could be the same Ctrl-C, passed on.
        await clock.sleep(1_000);
        whileLeft = await (await run()).leftovers();
        harness.signal("SIGINT");
      });
      return { ...told, whileLeft };
    }),
    sigint: signalled("sigint", "SIGINT"),
    echo: isolated("echo", async ({ harness }) => {
      await harness.says(inForce);
      harness.signal("SIGINT");
      await harness.says(/SIGINT: ending in order/);
      harness.signal("SIGINT");
    }),
    sigterm: signalled("sigterm", "SIGTERM"),
    killed: signalled("killed", "SIGKILL"),
    killedWithWatchdog: stories.play(async () => {
      let cleaned: HarnessRun | undefined;
      let left: readonly string[] = [];
      const told = await tell(folder, "killed-with-watchdog", "isolated", [], async ({ harness: started, run }) => {
        await started.says(inForce);
        const { runId } = await run();
        // Members may end by themselves once nobody reads their log; this one of the run's processes does not.
        await using lingering = await startChild("sleep", ["120"], { env: { [runVariable]: runId } });
        kill(await watchdogOf(runId), "SIGKILL");
        started.signal("SIGKILL");
        await started.ended;
        left = await (await run()).leftovers();
        cleaned = await harness(["clean", runId]);
        await lingering.ended;
      });
      return { ...told, left, cleaned };
    }),
    starting: isolated("starting", async ({ harness }) => {
      await harness.says(/starting 3 members/);
      harness.signal("SIGINT");
    }),
    kept: stories.play(async () => {
      const seen: { results?: string; answer?: string | undefined; cleaned?: HarnessRun; status?: string } = {};
      const told = await tell(folder, "kept", "calm", ["--keep-cluster"], async ({ harness: started, run }) => {
        await started.says(/^ {2}etcd-1 {2}http/m);
        const kept = await run();
        const url = /^ {2}etcd-1 {2}(\S+)/m.exec(started.stderr())?.[1] ?? "";
        await put(url, "still", "here");
        seen.answer = await get(url, "still");
        seen.results = (await kept.results()).outcome;
        seen.status = (await kept.info()).status;
        seen.cleaned = await harness(["clean", kept.runId]);
        started.signal("SIGINT");
      });
      return { ...told, ...seen };
    }),
    diskFull: stories.play(() =>
      tell(folder, "disk-full", "single", [], async ({ harness }) => {
        await harness.says(/phase frozen/);
        // From now on no file of the harness may grow beyond 20 kB; etcd's are not touched.
        await runCommand("prlimit", ["--pid", String(harness.pid), "--fsize=20000:20000"]);
      }),
    ),
  };
}
