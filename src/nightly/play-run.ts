import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { startChild, type Child } from "../child.ts";
import type { Clock } from "../clock.ts";
import { messageOf } from "../errors.ts";
import { runCommand } from "../process.ts";
import { decodeEvent } from "../recording/decode.ts";
import { files } from "../recording/folder.ts";
import { readLines } from "../recording/jsonl.ts";
import { readRunInfo } from "../recording/read.ts";
import { cpuStallMs } from "./machine.ts";
import type { Turn } from "./nightly.ts";
import { attemptOutcome, lastError, runResultsSchema, type RunResults } from "./outcome.ts";
import type { Played } from "./play-all.ts";

const program = fileURLToPath(new URL("../../bin/etcd-chaos.mjs", import.meta.url));

/** What all runs of a nightly have in common. */
export interface RunSettings {
  readonly runtime: string;
  readonly etcd?: string | undefined;
  readonly toxiproxy?: string | undefined;
  /** The folder of all runs. */
  readonly out: string;
  readonly clock: Clock;
  /** Its reason is the signal that the run gets as well, so that it ends in order. */
  readonly signal: AbortSignal;
}

/** Longer than any set-up, healing and removal: whoever takes it hangs. */
const besideTimelineMaxMs = 1_200_000;
const stderrLinesMax = 500;

/**
 * Plays a turn in a process of its own, so that whatever ends one run does not end the others. Never throws: what went
 * wrong is the outcome. A run whose nightly is killed gets a SIGINT, and ends in order by itself.
 */
export async function playRun(turn: Turn, settings: RunSettings): Promise<Played> {
  const { clock, out } = settings;
  const startMs = clock.nowMs();
  try {
    const before = await runsOf(turn, out);
    const stallMs = await cpuStallMs();
    const stderr: string[] = [];
    const end = await untilEnd(turn, settings, (line) => void (stderr.push(line) > stderrLinesMax && stderr.shift()));
    const tookMs = Math.round(clock.nowMs() - startMs);
    const stalledMs = await cpuStallMs();
    const cpuPressure = stallMs === undefined || stalledMs === undefined ? {} : { cpuPressure: Math.min(1, (stalledMs - stallMs) / tookMs) };
    const run = (await runsOf(turn, out)).find((name) => !before.includes(name));
    const folder = run === undefined ? undefined : join(turn.scenario, run);
    const left = folder === undefined ? {} : { folder, ...(await leftIn(join(out, folder))) };
    const results = folder === undefined ? undefined : await readResults(join(out, folder));
    return { tookMs, ...cpuPressure, ...left, ...attemptOutcome({ end, results, error: lastError(stderr) }) };
  } catch (error) {
    return { tookMs: Math.round(clock.nowMs() - startMs), outcome: "broken", sentence: messageOf(error), findings: [] };
  }
}

async function untilEnd(turn: Turn, { runtime, etcd, toxiproxy, out, clock, signal }: RunSettings, onError: (line: string) => void): Promise<string> {
  const options = { "--seed": String(turn.seed), "--runtime": runtime, "--etcd": etcd, "--toxiproxy": toxiproxy, "--out": out };
  const given = Object.entries(options).flatMap(([name, value]) => (value === undefined ? [] : [name, value]));
  const [file = process.execPath, ...args] = [...(await endingWithUs()), process.execPath, program, "scenario", turn.asked, ...given];
  // The nightly tells GitHub of all runs at once.
  await using child = await startChild(file, args, { env: { GITHUB_ACTIONS: "" }, onLine: (line, stream) => void (stream === "stderr" && onError(line)) });
  const passOn = (): void => child.signal(signal.reason === "SIGTERM" ? "SIGTERM" : "SIGINT");
  if (signal.aborted) passOn();
  signal.addEventListener("abort", passOn, { once: true });
  try {
    return await endWithin(child, turn.timelineMs + besideTimelineMaxMs, clock);
  } finally {
    signal.removeEventListener("abort", passOn);
  }
}

/** A run that hangs is killed; its watchdog removes what it had. */
async function endWithin(child: Child, limitMs: number, clock: Clock): Promise<string> {
  const ended = new AbortController();
  const kill = clock.sleep(limitMs, ended.signal).then(() => child.signal("SIGKILL"), () => undefined);
  const end = await child.ended;
  ended.abort();
  await kill;
  return end;
}

/** The beginning of a command whose process gets a SIGINT when this one is gone, where the machine has the program for it. */
async function endingWithUs(): Promise<string[]> {
  const command = ["setpriv", "--pdeathsig", "INT", "--"];
  const [file = "", ...args] = command;
  return runCommand(file, [...args, "true"]).then(({ exitCode }) => (exitCode === 0 ? command : []), () => []);
}

/** The run of a turn is known by its seed; no other of that scenario and seed goes on at the time. */
async function runsOf({ scenario, seed }: Turn, out: string): Promise<string[]> {
  const names = await readdir(join(out, scenario)).catch(() => []);
  return names.filter((name) => name.endsWith(`-${seed}`));
}

async function readResults(folder: string): Promise<RunResults | undefined> {
  const raw: unknown = await readFile(join(folder, "results.json"), "utf8").then(JSON.parse).catch(() => undefined);
  return runResultsSchema.safeParse(raw).data;
}

/** What a run recorded of itself, as far as it came. */
async function leftIn(folder: string): Promise<Pick<Played, "etcd" | "timerLateMaxMs">> {
  const etcd = await readRunInfo(folder).then(({ etcd: { version } }) => version, () => undefined);
  let timerLateMaxMs: number | undefined;
  await readLines(join(folder, files.events), (line) => {
    const event = line?.includes("timerLateMaxMs") ? decodeEvent(JSON.parse(line)) : undefined;
    if (event?.type === "workload") timerLateMaxMs = event.timerLateMaxMs;
  }, {}).catch(() => undefined);
  return { ...(etcd === undefined ? {} : { etcd }), ...(timerLateMaxMs === undefined ? {} : { timerLateMaxMs }) };
}
