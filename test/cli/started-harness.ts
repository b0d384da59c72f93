import { existsSync } from "node:fs";
import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { startChild } from "../../src/child.ts";
import { MonotonicClock, waitFor } from "../../src/clock.ts";
import type { Results } from "../../src/judge/results.ts";
import { runFolder } from "../../src/marks.ts";
import type { RunEvent } from "../../src/recording/events.ts";
import type { RunInfo } from "../../src/recording/run-info.ts";
import { notGitHub } from "../support/harness.ts";
import { markedProcesses } from "../../src/watchdog/processes.ts";

const entry = fileURLToPath(new URL("../../bin/etcd-chaos.mjs", import.meta.url));
const clock = new MonotonicClock();

/** What has to come may take so long on a busy machine. */
const patienceMs = 120_000;

/** A command of the harness under way, as a process of its own; killed with the scope if it still runs. */
export interface StartedHarness extends AsyncDisposable {
  readonly pid: number;
  stdout(): string;
  stderr(): string;
  /** `exit code 130`, `SIGKILL`: when it has ended and everything it wrote was read. */
  readonly ended: Promise<string>;
  signal(name: NodeJS.Signals): void;
  /** Waits until it has written that to standard error. */
  says(pattern: RegExp): Promise<void>;
}

export function startHarness(...args: readonly string[]): Promise<StartedHarness> {
  return startHarnessWith({}, ...args);
}

/** The same with more in its environment. */
export async function startHarnessWith(env: Readonly<Record<string, string>>, ...args: readonly string[]): Promise<StartedHarness> {
  const text = { stdout: "", stderr: "" };
  const child = await startChild(process.execPath, [entry, ...args], { env: { ...notGitHub, ...env }, onLine: (line, stream) => void (text[stream] += `${line}\n`) });
  return {
    pid: child.pid,
    stdout: () => text.stdout,
    stderr: () => text.stderr,
    ended: child.ended,
    signal: (name) => child.signal(name),
    async says(pattern) {
      const said = (): true | undefined => (pattern.test(text.stderr) ? true : undefined);
      const seen = await waitFor(clock, () => said() ?? (child.exit() === undefined ? undefined : false), { limitMs: patienceMs });
      if (!seen && !said()) throw new Error(`it never said ${pattern} (${child.exit() ?? "still running"}):\n${text.stderr}${text.stdout}`);
    },
    [Symbol.asyncDispose]: () => child[Symbol.asyncDispose](),
  };
}

/** A run's folder, read as somebody would who looks for it. */
export class RunFolder {
  readonly path: string;
  readonly runId: string;

  constructor(out: string, scenario: string, runId: string) {
    this.path = join(out, scenario, runId);
    this.runId = runId;
  }

  async info(): Promise<RunInfo> {
    return JSON.parse(await this.text("run.json"));
  }

  async results(): Promise<Results> {
    return JSON.parse(await this.text("results.json"));
  }

  /** `requested`, `effective`, `healing`, `healed`. */
  async faultStates(): Promise<string[]> {
    const events = (await this.text("events.jsonl")).trimEnd().split("\n").map((line): RunEvent => JSON.parse(line));
    return events.flatMap((event) => (event.type === "fault" ? [event.state] : []));
  }

  text(file: string): Promise<string> {
    return readFile(join(this.path, file), "utf8");
  }

  has(file: string): boolean {
    return existsSync(join(this.path, file));
  }

  /** What is left of the run on this machine: processes with its mark, and its temporary folder. */
  async leftovers(): Promise<string[]> {
    const processes = (await markedProcesses()).filter(({ runId }) => runId === this.runId);
    const folder = runFolder(this.runId);
    return [...processes.map(({ pid }) => `process ${pid}`), ...(existsSync(folder) ? [folder] : [])];
  }

  /** What is left when so much time has passed, or nothing is. */
  async leftoversWithin(limitMs: number): Promise<string[]> {
    await waitFor(clock, async () => ((await this.leftovers()).length === 0 ? true : undefined), { limitMs, everyMs: 100 });
    return this.leftovers();
  }
}

/** The runs of a scenario below `--out`, in order of time. */
export async function runsBelow(out: string, scenario: string): Promise<RunFolder[]> {
  const names = (await readdir(join(out, scenario))).filter((name) => name !== "latest");
  return names.sort().map((runId) => new RunFolder(out, scenario, runId));
}

export async function onlyRunBelow(out: string, scenario: string): Promise<RunFolder> {
  const [run, ...more] = await runsBelow(out, scenario);
  if (run === undefined || more.length > 0) throw new Error(`${more.length + (run === undefined ? 0 : 1)} runs below ${out}`);
  return run;
}
