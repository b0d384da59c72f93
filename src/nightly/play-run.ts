import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import type { Clock } from "../clock.ts";
import { messageOf } from "../errors.ts";
import { savedResultsSchema, type SavedResults } from "../judge/saved-results.ts";
import { decodeEvent } from "../recording/decode.ts";
import { files } from "../recording/folder.ts";
import { readLines } from "../recording/jsonl.ts";
import { readRunInfo } from "../recording/read.ts";
import { lastError, runScenarioProcess } from "../scenario-process.ts";
import { cpuStallMs } from "./machine.ts";
import type { Turn } from "./nightly.ts";
import { attemptOutcome } from "./outcome.ts";
import type { Played } from "./play-all.ts";

/** What all runs of a nightly have in common. */
export interface RunSettings {
  readonly runtime: string;
  readonly etcd?: string | undefined;
  readonly toxiproxy?: string | undefined;
  /** The folder of all runs. */
  readonly out: string;
  readonly clock: Clock;
  /** Aborted, its runs end in order. */
  readonly signal: AbortSignal;
}

/** Longer than any set-up, healing and removal: whoever takes it hangs. */
const besideTimelineMaxMs = 1_200_000;

/** Plays a turn in a process of its own. Never throws: what went wrong is the outcome. */
export async function playRun(turn: Turn, settings: RunSettings): Promise<Played> {
  const { runtime, toxiproxy, out, clock, signal } = settings;
  const startMs = clock.nowMs();
  try {
    const before = await runsOf(turn, out);
    const stallMs = await cpuStallMs();
    const options = { "--seed": String(turn.seed), "--runtime": runtime, "--etcd": turn.etcd ?? settings.etcd, "--toxiproxy": toxiproxy, "--out": out };
    const { end, stderr } = await runScenarioProcess({ asked: turn.asked, options, limitMs: turn.timelineMs + besideTimelineMaxMs, clock, signal });
    const tookMs = Math.round(clock.nowMs() - startMs);
    const stalledMs = await cpuStallMs();
    const cpuPressure = stallMs === undefined || stalledMs === undefined ? {} : { cpuPressure: Math.min(1, (stalledMs - stallMs) / tookMs) };
    const run = await firstOn(turn, out, (await runsOf(turn, out)).filter((name) => !before.includes(name)));
    const folder = run === undefined ? undefined : join(turn.scenario, run);
    const left = folder === undefined ? {} : { folder, ...(await leftIn(join(out, folder))) };
    const results = folder === undefined ? undefined : await readResults(join(out, folder));
    return { tookMs, ...cpuPressure, ...left, ...attemptOutcome({ end, results, error: lastError(stderr) }) };
  } catch (error) {
    return { tookMs: Math.round(clock.nowMs() - startMs), outcome: "broken", sentence: messageOf(error), findings: [] };
  }
}

/** The run of a turn is known by its seed, and by the etcd where the turn asks for one: no other of these goes on at the time. */
async function runsOf({ scenario, seed }: Turn, out: string): Promise<string[]> {
  const names = await readdir(join(out, scenario)).catch(() => []);
  return names.filter((name) => name.endsWith(`-${seed}`));
}

async function firstOn({ scenario, etcd }: Turn, out: string, names: readonly string[]): Promise<string | undefined> {
  if (etcd === undefined) return names[0];
  const asked = await Promise.all(names.map((name) => readRunInfo(join(out, scenario, name)).then(({ etcdAsked }) => etcdAsked, () => undefined)));
  return names.find((_, index) => asked[index] === etcd);
}

async function readResults(folder: string): Promise<SavedResults | undefined> {
  const raw: unknown = await readFile(join(folder, "results.json"), "utf8").then(JSON.parse).catch(() => undefined);
  return savedResultsSchema.safeParse(raw).data;
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
