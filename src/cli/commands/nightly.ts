import { randomInt } from "node:crypto";
import { mkdir } from "node:fs/promises";
import { join, resolve } from "node:path";
import { MonotonicClock } from "../../clock.ts";
import type { Nightly } from "../../nightly/nightly.ts";
import { longestFirst, shardOf, type Shard } from "../../nightly/shard.ts";
import { standingOf } from "../../nightly/standing.ts";
import { renderNightlySummary } from "../../report/nightly/summary.ts";
import { renderNightlyTerminal } from "../../report/nightly/terminal.ts";
import { nightlyExitCode, type ExitCode } from "../exit-codes.ts";
import { chosenScenarios, tagged } from "../nightly/choose.ts";
import { nightlyName, writeNightly } from "../nightly/files.ts";
import { playTurns } from "../nightly/play-turns.ts";
import { tellStepOfTurns } from "../nightly/tell-step.ts";
import { distinct, turnsOf } from "../nightly/turns.ts";
import { reportsFolder, shown } from "../paths.ts";
import { makeReady, readScenarios, type NamedScenario } from "../prepare.ts";
import type { RunOptions } from "../program.ts";
import { writeIndex } from "../reports-index.ts";
import { onInterruption } from "../signals.ts";
import { terminal } from "../terminal.ts";

export interface NightlyOptions extends RunOptions {
  readonly repeat: number;
  readonly retries: number;
  readonly jobs: number | "auto";
  readonly shard?: Shard;
  readonly timeLimit?: number;
  readonly tag?: string;
  readonly lastFailed?: true;
  readonly flakesOk?: true;
  readonly toxiproxy?: string;
  readonly out?: string;
}

/** Runs many scenarios, each in a process of its own, and sums up. Everything that can be checked is checked before the first starts. */
export async function nightlyCommand(names: readonly string[], options: NightlyOptions): Promise<ExitCode> {
  const out = resolve(options.out ?? reportsFolder);
  const clock = new MonotonicClock();
  const startedAt = new Date(clock.wallMs()).toISOString();
  const chosen = await chosenScenarios(names, options, out);
  const named = tagged(distinct(await readScenarios(chosen)), options.tag);
  // What did not pass in a shard stays in it.
  const all = inShard(named, options.lastFailed === true ? undefined : options.shard);
  const ready = await makeReady(all, options, clock);
  using interruption = onInterruption({ clock });
  await mkdir(out, { recursive: true });
  const seed = options.seed ?? randomInt(1_000_000_000);
  const [runtime = "local"] = ready.map((each) => each.runtime.kind);
  const settings = { runtime, etcd: options.etcd, toxiproxy: options.toxiproxy, out, clock, signal: interruption.signal };
  const { turns, jobs } = await playTurns(turnsOf(ready, seed, options.repeat), { what: "nightly", settings, jobs: options.jobs, retries: options.retries, limitMs: options.timeLimit });
  const received = interruption.received();
  const nightly: Nightly = {
    format: 1, startedAt, tookMs: Math.round(clock.nowMs()), runtime, seed,
    ...(options.etcd === undefined ? {} : { etcd: options.etcd }),
    ...(options.shard === undefined ? {} : { shard: options.shard }),
    repeat: options.repeat, retries: options.retries,
    ...(options.timeLimit === undefined ? {} : { timeLimitMs: options.timeLimit }),
    flakesOk: options.flakesOk === true,
    ...(received === undefined ? {} : { signal: received }),
    jobs,
    turns,
  };
  const name = nightlyName(options.shard);
  await writeNightly(out, name, nightly);
  await writeIndex(out);
  await tellStepOfTurns(nightly, renderNightlySummary(nightly));
  process.stdout.write(renderNightlyTerminal(nightly, { reportPath: shown(join(out, `${name}.html`)), ...terminal(process.stdout) }));
  return nightlyExitCode(nightly.turns.map(({ end }) => standingOf(end)), { flakesOk: nightly.flakesOk, received });
}

function inShard(scenarios: readonly NamedScenario[], shard: Shard | undefined): NamedScenario[] {
  const timed = scenarios.map((each) => ({ each, name: each.scenario.name, durationMs: timelineMs(each) })).sort(longestFirst);
  return (shard === undefined ? timed : shardOf(timed, shard)).map(({ each }) => each);
}

function timelineMs({ scenario }: NamedScenario): number {
  return scenario.phases.reduce((sum, { durationMs }) => sum + durationMs, 0);
}
