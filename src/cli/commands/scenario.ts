import { randomInt } from "node:crypto";
import { readFile } from "node:fs/promises";
import { join, resolve } from "node:path";
import { MonotonicClock, type Clock } from "../../clock.ts";
import { HarnessError } from "../../errors.ts";
import { findingsOf } from "../../judge/findings.ts";
import type { Results } from "../../judge/results.ts";
import { makePlan, type Plan } from "../../plan/plan.ts";
import { renderTerminal } from "../../report/index.ts";
import { stepSummary } from "../../report/github/step-summary.ts";
import { run, type KeptCluster, type RunEnd } from "../../run/run.ts";
import type { Lap } from "../../stopwatch.ts";
import { formatDuration } from "../../units/duration.ts";
import { conclude } from "../conclude.ts";
import { exitCodeOf, exitCodes, worstExitCode, type ExitCode } from "../exit-codes.ts";
import { gitHubStep, tellStep, type GitHubStep } from "../github.ts";
import { HarnessMetrics } from "../harness-metrics.ts";
import { liveView } from "../live/live-view.ts";
import { linkLatest, reportsFolder, runIdOf, shown } from "../paths.ts";
import { makeReady, readScenarios, type ReadyScenario } from "../prepare.ts";
import type { ScenarioOptions } from "../program.ts";
import { reportError } from "../report-error.ts";
import { onInterruption, type Interruption } from "../signals.ts";
import { terminal } from "../terminal.ts";

/** Runs scenarios one after another. Everything that can be checked is checked before the first starts. */
export async function scenarioCommand(names: readonly string[], options: ScenarioOptions): Promise<ExitCode> {
  const clock = new MonotonicClock();
  const scenarios = await readScenarios(names, options);
  for (const { scenario } of scenarios) for (const warning of scenario.warnings ?? []) process.stderr.write(`warning ${warning}\n`);
  const ready = await makeReady(scenarios, options, clock);
  const firstSeed = options.seed ?? randomInt(1_000_000_000);
  const turns = ready.flatMap((each) => Array.from({ length: options.repeat }, (_, turn) => ({ ready: each, plan: planOf(each, firstSeed + turn) })));
  if (options.keepCluster && turns.length > 1) {
    throw new HarnessError("usage", `--keep-cluster keeps one cluster, and this is ${turns.length} runs`, { hint: "Name one scenario, without --repeat." });
  }
  using interruption = onInterruption({ clock });
  await using metrics = await metricsFor(ready, options);
  const codes: ExitCode[] = [];
  const toTell: ToTell[] = [];
  for (const { ready: each, plan } of turns) {
    const { code, ...told } = await oneRun(each, plan, options, metrics, interruption);
    codes.push(code);
    toTell.push({ path: each.path, ...told });
    if (interruption.received() !== undefined) break;
  }
  const step = gitHubStep(process.env, process.cwd());
  if (step !== undefined) await tellOfRuns(step, toTell);
  if (turns.length > 1) process.stdout.write(`${tally(codes, turns.length)}\n`);
  const received = interruption.received();
  const cutShort = received !== undefined && codes.length < turns.length;
  return worstExitCode(cutShort ? [...codes, exitCodes[received]] : codes);
}

function planOf({ scenario, runtime, prepared, obstacle }: ReadyScenario, seed: number): Plan {
  if (obstacle !== undefined) throw obstacle;
  const plan = makePlan(scenario, { seed, lacking: { ...runtime.lacks, ...prepared.lacks } });
  const [missing] = plan.unavailable;
  if (missing === undefined) return plan;
  throw new HarnessError("environment", `${scenario.name}: ${missing.fault} cannot be had here: ${missing.because}`, { hint: "`npm run plan` shows all of it." });
}

async function oneRun(ready: ReadyScenario, plan: Plan, options: ScenarioOptions, metrics: HarnessMetrics, interruption: Interruption): Promise<Concluded> {
  const clock = new MonotonicClock();
  const runId = runIdOf(clock.wallMs(), plan.seed);
  const folder = join(resolve(options.out ?? reportsFolder), ready.scenario.name, runId);
  using view = liveView(process.stderr, ready, plan.seed, interruption.signal);
  const watchers = [view, metrics.watcher()];
  const prometheus = ready.prometheus && metrics.targets && { prepared: ready.prometheus, targets: metrics.targets };
  const request = { ...ready, prometheus, runId, plan, replay: replayOf(ready, plan.seed, options), folder, clock, signal: interruption.signal, watchers };
  const { end, laps } = await run({ ...request, keepCluster: options.keepCluster === true });
  await using kept = end.status === "finished" ? end.kept : undefined;
  await metrics.writeTo(folder);
  const concluded = await concludeRun(end, folder, interruption, clock);
  await linkLatest(folder);
  say(whereTimeWent(clock.nowMs(), laps));
  if (kept !== undefined) await keepUntilInterrupted(kept, interruption, clock);
  return concluded;
}

interface Concluded {
  readonly code: ExitCode;
  /** Absent where it could not be judged. */
  readonly results?: Results;
  readonly summary?: string;
  /** It did not go to its end. */
  readonly brokeOff?: boolean;
}

/** Judges what there is, also of a run that was cut short; its own trouble then counts before the verdict. */
async function concludeRun(end: RunEnd, folder: string, interruption: Interruption, clock: Clock): Promise<Concluded> {
  const received = end.status === "interrupted" ? interruption.received() : undefined;
  const troubled = end.status === "crashed" ? reportError(end.error) : received && exitCodes[received];
  try {
    const results = await conclude(folder, { clock });
    process.stdout.write(renderTerminal(results, { reportPath: shown(join(folder, "report.html")), ...terminal(process.stdout) }));
    return { code: troubled ?? exitCodeOf(results.outcome), results, summary: await readFile(join(folder, "summary.md"), "utf8"), brokeOff: end.status !== "finished" };
  } catch (error) {
    return { code: reportError(error) };
  }
}

type ToTell = Omit<Concluded, "code"> & { readonly path: string };

/** What GitHub shows of the step; a run that could not be judged has told of itself on standard error. */
async function tellOfRuns(step: GitHubStep, runs: readonly ToTell[]): Promise<void> {
  const judged = runs.flatMap(({ path, results, summary, brokeOff = false }) => (results === undefined || summary === undefined ? [] : [{ path, results, summary, brokeOff }]));
  const troubled = judged.filter(({ results }) => results.outcome !== "pass");
  await tellStep(
    step,
    troubled.map(({ path, results, brokeOff }) => ({ path, scenario: results.scenario, sentence: results.sentence, replay: results.replay, findings: findingsOf(results), brokeOff })),
    stepSummary(judged.map(({ results, summary }) => ({ outcome: results.outcome, markdown: summary }))),
  );
}

/** Served where somebody asked for it, or a Prometheus is to scrape them. */
async function metricsFor(ready: readonly ReadyScenario[], { metricsPort, promUrl }: ScenarioOptions): Promise<HarnessMetrics> {
  if (metricsPort !== undefined) return HarnessMetrics.serve(metricsPort);
  if (ready.every(({ prometheus }) => prometheus === undefined)) return new HarnessMetrics();
  if (promUrl === undefined) return HarnessMetrics.serve(0);
  throw new HarnessError("usage", "--prom-url needs --metrics-port", { hint: "That Prometheus has to read there what to scrape: http_sd_configs: [{url: http://127.0.0.1:PORT/targets, refresh_interval: 1s}]." });
}

/** Everything that decides what a run does; paths as they were given, so that it works from the same folder. */
function replayOf({ asked, runtime, prometheus }: ReadyScenario, seed: number, { etcd, toxiproxy, promUrl, metricsPort }: ScenarioOptions): string {
  const outer = prometheus === undefined || promUrl === undefined ? [] : ["--prom-url", promUrl, "--metrics-port", metricsPort ?? ""];
  const choices = [...(etcd === undefined ? [] : ["--etcd", etcd]), ...(toxiproxy === undefined ? [] : ["--toxiproxy", toxiproxy]), ...outer];
  return ["npm run scenario --", asked, "--seed", seed, "--runtime", runtime.kind, ...choices].join(" ");
}

function whereTimeWent(totalMs: number, laps: readonly Lap[]): string {
  const timelineMs = laps.find(({ step }) => step === "timeline")?.tookMs ?? 0;
  const known = laps.reduce((sum, { tookMs }) => sum + tookMs, 0);
  const parts = [...laps, { step: "judging and report", tookMs: totalMs - known }].filter(({ step }) => step !== "timeline");
  const beside = formatDuration(totalMs - timelineMs);
  return `${formatDuration(totalMs)} in all, ${beside} beside the timeline: ${parts.map(({ step, tookMs }) => `${step} ${formatDuration(tookMs)}`).join(", ")}`;
}

async function keepUntilInterrupted({ cluster }: KeptCluster, { signal }: Interruption, clock: Clock): Promise<void> {
  if (signal.aborted) return;
  say(["the cluster is kept until Ctrl-C; its endpoints, past the links:", ...cluster.members.map(({ name, directUrl }) => `  ${name}  ${directUrl}`)].join("\n"));
  // By the clock, since node ends when there is nothing but a signal to wait for.
  while (!signal.aborted) await clock.sleep(60_000, signal).catch(() => undefined);
}

/** `10 runs: 9 passed, 1 failed`. */
function tally(codes: readonly ExitCode[], planned: number): string {
  const count = (...which: readonly ExitCode[]): number => codes.filter((code) => which.includes(code)).length;
  const counts = [
    ["passed", count(exitCodes.pass)],
    ["failed", count(exitCodes.fail)],
    ["inconclusive", count(exitCodes.inconclusive)],
    ["broken", count(exitCodes.environment, exitCodes.scenario, exitCodes.usage)],
    ["interrupted", count(exitCodes.SIGINT, exitCodes.SIGTERM)],
    ["not run", planned - codes.length],
  ] as const;
  return `${planned} runs: ${counts.filter(([, runs]) => runs > 0).map(([word, runs]) => `${runs} ${word}`).join(", ")}`;
}

function say(text: string): void {
  process.stderr.write(`${text}\n`);
}
