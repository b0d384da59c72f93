import { randomInt } from "node:crypto";
import { mkdir } from "node:fs/promises";
import { join, resolve } from "node:path";
import { MonotonicClock } from "../../clock.ts";
import { HarnessError } from "../../errors.ts";
import { startingJobs, type Jobs } from "../../nightly/jobs.ts";
import { thisMachine } from "../../nightly/machine.ts";
import type { EndedTurn, Nightly, Turn, TurnEnd } from "../../nightly/nightly.ts";
import { playAll } from "../../nightly/play-all.ts";
import { playRun } from "../../nightly/play-run.ts";
import { longestFirst, shardOf, type Shard } from "../../nightly/shard.ts";
import { standingOf } from "../../nightly/standing.ts";
import { makePlan } from "../../plan/plan.ts";
import { renderNightlyTerminal } from "../../report/nightly/terminal.ts";
import { nightlyExitCode, type ExitCode } from "../exit-codes.ts";
import { chosenScenarios, tagged } from "../nightly/choose.ts";
import { nightlyName, writeNightly } from "../nightly/files.ts";
import { announced, ended } from "../nightly/progress.ts";
import { tellStepOfNightly } from "../nightly/tell-step.ts";
import { reportsFolder, shown } from "../paths.ts";
import { makeReady, readScenarios, type NamedScenario, type ReadyScenario } from "../prepare.ts";
import type { RunOptions } from "../program.ts";
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
  const { turns, unplayable } = turnsOf(ready, seed, options.repeat);
  const jobs = await jobsFor(options.jobs, out, clock);
  const [runtime = "local"] = ready.map((each) => each.runtime.kind);
  process.stderr.write(announced(turns, { unplayable: unplayable.size, runtime, jobs }));

  const toPlay = turns.filter((turn) => !unplayable.has(turn));
  const settings = { runtime, etcd: options.etcd, toxiproxy: options.toxiproxy, out, clock, signal: interruption.signal };
  let done = 0;
  const { ends, changes } = await playAll(toPlay, {
    clock,
    signal: interruption.signal,
    retries: options.retries,
    limitMs: options.timeLimit,
    jobs,
    adapts: options.jobs === "auto",
    play: (turn) => playRun(turn, settings),
    onEnd: (turn, attempt) => void process.stderr.write(ended(turn, attempt, { done: attempt.why === "first" ? (done += 1) : done, of: toPlay.length })),
  });
  const received = interruption.received();
  const nightly: Nightly = {
    format: 1, startedAt, tookMs: Math.round(clock.nowMs()), runtime, seed,
    ...(options.etcd === undefined ? {} : { etcd: options.etcd }),
    ...(options.shard === undefined ? {} : { shard: options.shard }),
    repeat: options.repeat, retries: options.retries,
    ...(options.timeLimit === undefined ? {} : { timeLimitMs: options.timeLimit }),
    flakesOk: options.flakesOk === true,
    ...(received === undefined ? {} : { signal: received }),
    jobs: { first: jobs.jobs, because: jobs.because, changes: [...changes] },
    turns: turns.map((turn): EndedTurn => ({ ...turn, end: endOf(turn, unplayable, ends) })),
  };
  const name = nightlyName(options.shard);
  await writeNightly(out, name, nightly);
  await tellStepOfNightly(nightly);
  process.stdout.write(renderNightlyTerminal(nightly, { reportPath: shown(join(out, `${name}.html`)), ...terminal(process.stdout) }));
  return nightlyExitCode(nightly.turns.map(({ end }) => standingOf(end)), { flakesOk: nightly.flakesOk, received });
}

function endOf(turn: Turn, unplayable: ReadonlyMap<Turn, string>, ends: ReadonlyMap<Turn, TurnEnd>): TurnEnd {
  const because = unplayable.get(turn);
  if (because !== undefined) return { kind: "unplayable", because };
  return ends.get(turn) ?? { kind: "not-run", because: "the nightly ended before its turn" };
}

/** Runs are kept by the name of their scenario. */
function distinct(scenarios: readonly NamedScenario[]): readonly NamedScenario[] {
  const paths = new Map<string, string>();
  for (const { scenario, path } of scenarios) {
    const other = paths.get(scenario.name);
    if (other !== undefined) throw new HarnessError("usage", `${other === path ? `${path} is named twice` : `${other} and ${path} have one name`}, and a nightly tells scenarios apart by their names`);
    paths.set(scenario.name, path);
  }
  return scenarios;
}

function inShard(scenarios: readonly NamedScenario[], shard: Shard | undefined): NamedScenario[] {
  const timed = scenarios.map((each) => ({ each, name: each.scenario.name, durationMs: timelineMs(each) })).sort(longestFirst);
  return (shard === undefined ? timed : shardOf(timed, shard)).map(({ each }) => each);
}

function timelineMs({ scenario }: NamedScenario): number {
  return scenario.phases.reduce((sum, { durationMs }) => sum + durationMs, 0);
}

/** All scenarios once, then all of them again: a time limit then costs repetitions before it costs scenarios. */
function turnsOf(ready: readonly ReadyScenario[], firstSeed: number, repeat: number): { readonly turns: readonly Turn[]; readonly unplayable: ReadonlyMap<Turn, string> } {
  const unplayable = new Map<Turn, string>();
  const turns = Array.from({ length: repeat }, (_, index) => index).flatMap((index) =>
    ready.map(({ asked, path, scenario, runtime, prepared }): Turn => {
      const seed = firstSeed + index;
      const { durationMs, unavailable } = makePlan(scenario, { seed, lacking: { ...runtime.lacks, ...prepared.lacks } });
      const turn = { scenario: scenario.name, asked, path: shown(path), repeat: index + 1, seed, timelineMs: durationMs };
      const reasons = [...new Set(unavailable.map(({ because }) => because))];
      if (reasons.length > 0) unplayable.set(turn, reasons.join("; "));
      return turn;
    }),
  );
  return { turns, unplayable };
}

async function jobsFor(asked: number | "auto", out: string, clock: MonotonicClock): Promise<Jobs> {
  return asked === "auto" ? startingJobs(await thisMachine(out, clock)) : { jobs: asked, because: "asked for" };
}
