import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import type { Clock, MonotonicClock } from "../clock.ts";
import type { RunningCluster } from "../cluster/cluster.ts";
import type { Member } from "../cluster/member.ts";
import type { PreparedRuntime, Runtime, Wanted } from "../cluster/runtime.ts";
import { HarnessError, messageOf } from "../errors.ts";
import { recordHashes } from "../observe/hashes.ts";
import { startObservers, type Observers } from "../observe/index.ts";
import { watchMachine } from "../observe/machine/index.ts";
import { processesOf } from "../observe/machine/processes.ts";
import type { Plan } from "../plan/plan.ts";
import { planJson } from "../plan/plan-json.ts";
import { isAbort, waitFor } from "../clock.ts";
import { Recorder } from "../recording/recorder.ts";
import { Resources } from "../resources.ts";
import { Stopwatch, type Lap } from "../stopwatch.ts";
import { startTelemetry, type RunningTelemetry } from "../telemetry/telemetry.ts";
import { startWatchdog, type TimeLimits } from "../watchdog/watchdog.ts";
import { startWorkload, type RunningWorkload } from "../workloads/runner.ts";
import { untilAbort } from "./abort.ts";
import { longestHealingMs } from "./fault-life.ts";
import { firstInfo, knownOf, withIdsOf } from "./info.ts";
import type { LiveWatcher } from "./live-source.ts";
import { startPrometheus, type RunPrometheus } from "./prometheus.ts";
import { playTimeline } from "./timeline.ts";
import { watchViolations, type ViolationWatch } from "./violation-watch.ts";

export interface RunRequest {
  /** Marks everything of the run; unique. */
  readonly runId: string;
  readonly plan: Plan;
  /** The command that runs the same again: for the report. */
  readonly replay: string;
  readonly runtime: Runtime;
  readonly wanted: Wanted;
  /** What the runtime made of it, before the run: whatever cannot be had stops it before anything starts. */
  readonly prepared: PreparedRuntime;
  /** The run's folder; must not hold a run yet. */
  readonly folder: string;
  readonly clock: MonotonicClock;
  /** Its reason names the signal. Aborting heals, keeps what was recorded and returns. */
  readonly signal: AbortSignal;
  readonly watchers: readonly LiveWatcher[];
  /** There where assertions need one. */
  readonly prometheus?: RunPrometheus | undefined;
  /** Leaves the cluster of a run that went to its end to the caller. */
  readonly keepCluster: boolean;
}

/** A cluster that has outlived its run. Disposing removes it and lets the watchdog go. */
export interface KeptCluster extends AsyncDisposable {
  readonly cluster: RunningCluster;
}

export interface RunOutcome {
  readonly end: RunEnd;
  /** Where the time went. */
  readonly laps: readonly Lap[];
}

export type RunEnd =
  | { readonly status: "finished"; readonly kept?: KeptCluster | undefined }
  | { readonly status: "interrupted"; readonly signal: string }
  | { readonly status: "crashed"; readonly error: unknown };

/**
 * Runs a plan on a real cluster and records it. Whatever happens, everything that was started
 * is gone when it returns (but a cluster to be kept), and what was seen is in the folder.
 * @throws HarnessError `recording` when the folder cannot be written, before anything starts
 */
export async function run(request: RunRequest): Promise<RunOutcome> {
  const { clock, folder, plan } = request;
  const watch = new Stopwatch(clock);
  const recorder = Recorder.create(folder, firstInfo(request), clock);
  let end: RunEnd;
  try {
    recorder.startClockWatch();
    await writeFile(join(folder, "scenario.yaml"), plan.scenario.text);
    // Without a workload there are no operations; a missing history would mean that they were lost.
    await writeFile(recorder.historyPath, "");
    await writeFile(join(folder, "plan.json"), `${JSON.stringify(planJson(plan), undefined, 2)}\n`);
    end = await attempt(request, recorder, watch);
  } finally {
    await recorder[Symbol.asyncDispose]();
  }
  watch.lap("removal");
  end = await withoutGaps(end, recorder);
  recorder.updateInfo({
    status: end.status,
    breakdown: watch.laps,
    ...(end.status === "interrupted" ? { signal: end.signal } : {}),
    ...(end.status === "crashed" ? { error: messageOf(end.error).split("\n", 1).join("") } : {}),
  });
  return { end, laps: watch.laps };
}

/** A run that can end itself before its time, with the reason. */
interface AbortableRequest extends RunRequest {
  readonly abort: (reason: string) => void;
}

async function attempt(asked: RunRequest, recorder: Recorder, watch: Stopwatch): Promise<RunEnd> {
  const own = new AbortController();
  const request = { ...asked, signal: AbortSignal.any([asked.signal, own.signal]), abort: (reason: string) => own.abort(reason) };
  const { clock, signal } = request;
  try {
    const kept = await recordRun(request, recorder, watch);
    if (kept !== undefined || !signal.aborted) return { status: "finished", kept };
  } catch (error) {
    if (!signal.aborted) return { status: "crashed", error: firstOf(error) };
    if (!isAbort(error, signal)) warn(recorder, clock, `ending the run: ${messageOf(error)}`);
  }
  return { status: "interrupted", signal: String(signal.reason) };
}

function warn(recorder: Recorder, clock: Clock, text: string): void {
  recorder.event({ type: "note", atMs: clock.nowMs(), level: "warning", text });
}

/** What went wrong first, where releasing what there was went wrong too: `await using` throws both as a SuppressedError. */
function firstOf(error: unknown): unknown {
  return error instanceof Error && "suppressed" in error ? firstOf(error.suppressed) : error;
}

/** A recording that could not be written whole must not pass for that of a finished run. */
async function withoutGaps(end: RunEnd, { failure }: Recorder): Promise<RunEnd> {
  if (failure === undefined || end.status !== "finished") return end;
  await end.kept?.[Symbol.asyncDispose]();
  return { status: "crashed", error: failure };
}

/** A member that was replaced goes by another id: what reads the recording must know both. */
function noteIds({ members }: RunningCluster, recorder: Recorder): void {
  const known = recorder.info.members;
  const now = withIdsOf(members, known);
  if (now !== known) recorder.updateInfo({ members: now });
}

async function recordRun(request: AbortableRequest, recorder: Recorder, watch: Stopwatch): Promise<KeptCluster | undefined> {
  const { clock, folder, keepCluster, plan, prepared, runId, runtime, signal, watchers } = request;
  const step = (text: string): void => watchers.forEach((watcher) => watcher.step(text));
  // What may outlive the run, and what ends with it.
  await using standing = new Resources();
  await using resources = new Resources();
  const watchdog = standing.use(await startWatchdog(runId));
  watchdog.within("setting-up", setUpLimitMs);
  // First, since it looks at what there is to scrape every few seconds only, counted from its start.
  const prometheus = request.prometheus && resources.use(await startPrometheus(request.prometheus, request, recorder));
  // Loading the client library takes the workload's process as long as the cluster takes to start.
  const workload = plan.scenario.workload && resources.use(await startWorkload({ workloads: plan.scenario.workload, seed: plan.seed, runId, originNs: clock.originNs, historyPath: recorder.historyPath, watchesPath: recorder.watchesPath }));
  const violations = resources.use(await watchViolations({ conditions: plan.scenario.abortIf, runId, folder, originNs: clock.originNs, onEnd: (why) => warn(recorder, clock, why) }));
  for (const text of prepared.notices) warn(recorder, clock, text);
  const telemetry = plan.scenario.telemetry && resources.use(await startTelemetry({ spec: plan.scenario.telemetry, clock, record: (entry) => recorder.telemetry(entry), note: (level, text) => recorder.event({ type: "note", atMs: clock.nowMs(), level, text }) }));
  watch.lap("watchdog");
  step(`starting ${plan.scenario.cluster.memberCount} members (${runtime.kind})`);
  const cluster = standing.use(await startCluster(request, recorder, telemetry?.etcd).finally(() => watch.lap("starting")));
  recorder.updateInfo(await knownOf(cluster));
  for (const member of cluster.members) member.onChange(() => noteIds(cluster, recorder));
  // In its parts, where it came up.
  watch.laps.splice(-1, 1, ...cluster.breakdown);
  watch.skip();
  const observers = resources.use(startObservers({ members: cluster.members, recorder, clock }));
  resources.use(watchMachine({ processes: processesOf(cluster, workload), clock, record: (sample) => recorder.machine(sample) }));
  await untilLed(observers, clock, signal);
  if (prometheus !== undefined) {
    watch.lap("first answers");
    step("waiting for Prometheus to scrape the members");
    await prometheus.scrape(cluster);
    watch.lap("first scrapes");
  }
  await begin(workload, cluster, recorder, clock);
  watch.lap("first observations");
  watchdog.within("run", plan.durationMs + longestHealingMs + endLimitMs);
  watchdog.done("setting-up");
  const beganMs = clock.nowMs();
  try {
    await play(request, cluster, { observers, workload, violations, limits: watchdog }, recorder);
  } finally {
    watchers.forEach((watcher) => watcher.stop());
    recorder.updateInfo({ endedMs: clock.nowMs() });
    watch.lap("timeline");
  }
  await prometheus?.ask(beganMs);
  step("stopping the workload");
  await end(workload, recorder, clock);
  watch.lap("last operations");
  if (!signal.aborted) {
    step("comparing the members' stores");
    await recordHashes({ members: cluster.members, statuses: () => observers.statuses(), clock, signal, record: (sample) => recorder.hash(sample) });
  }
  watch.lap("hashes of stores");
  if (telemetry !== undefined) {
    step("waiting for the last telemetry");
    await telemetry.collect(signal);
    watch.lap("last telemetry");
  }
  if (keepCluster && !signal.aborted) {
    watchdog.done("run");
    return kept(cluster, standing.move());
  }
  step("removing the cluster");
  return undefined;
}

function kept(cluster: RunningCluster, standing: Resources): KeptCluster {
  return { cluster, [Symbol.asyncDispose]: () => standing[Symbol.asyncDispose]() };
}

async function startCluster({ clock, plan, prepared, runId }: RunRequest, recorder: Recorder, spans: RunningTelemetry["etcd"]): Promise<RunningCluster> {
  const { memberCount, flags } = plan.scenario.cluster;
  const needed = new Set(plan.faults.flatMap(({ fault }) => fault.needs));
  const diskFaults = needed.has("diskWrites") ? "writes" : needed.has("disk") ? "syncs" : undefined;
  const ownVolumes = needed.has("power") || needed.has("volume");
  const failpoints = needed.has("failpoints");
  const packetFilters = needed.has("packets");
  const spare = plan.faults.some(({ fault }) => fault.spare);
  return prepared.start({ runId, memberCount, flags, diskFaults, ownVolumes, failpoints, packetFilters, spare, spans, onMember: (member) => follow(member, recorder, clock) }, clock);
}

/** Records what a member writes and what happens to its process. */
function follow(member: Member, recorder: Recorder, clock: Clock): void {
  const { name } = member;
  member.onLog((line) => recorder.logLine(name, line));
  member.onChange(({ kind, detail }) => recorder.event({ type: "member", atMs: clock.nowMs(), member: name, state: kind, ...(detail === undefined ? {} : { detail }) }));
}

/** After so long the watchdog takes the harness for hung and removes everything. */
const setUpLimitMs = 600_000;
/** The same, for stopping the load and removing the cluster. */
const endLimitMs = 120_000;

/** Ends as soon as it is so; a machine that is very busy takes long. */
const leaderLimitMs = 30_000;

async function untilLed(observers: Observers, clock: Clock, signal: AbortSignal): Promise<void> {
  const seen = (): true | undefined => (observers.leadership().leader !== undefined && observers.latest().every(({ healthy }) => healthy === true) ? true : undefined);
  const led = await waitFor(clock, seen, { limitMs: leaderLimitMs, signal });
  if (led === undefined) throw new HarnessError("cluster", `the observers saw no healthy cluster with a leader within ${leaderLimitMs / 1000} s of its start`);
}

/** What goes on beside the timeline. */
interface Company {
  readonly observers: Observers;
  readonly workload: RunningWorkload | undefined;
  readonly violations: ViolationWatch;
  readonly limits: TimeLimits;
}

async function play(request: AbortableRequest, cluster: RunningCluster, { observers, workload, violations, limits }: Company, recorder: Recorder): Promise<void> {
  const { clock, plan, signal, watchers } = request;
  const timelineStartMs = clock.nowMs();
  for (const watcher of watchers) {
    watcher.start({
      plan,
      clock,
      timelineStartMs,
      members: () => observers.latest(),
      onEvent: (listener) => void recorder.onEvent(listener),
      onStats: (listener) => workload?.onStats(listener),
    });
  }
  let acknowledgedMs = workload && timelineStartMs;
  workload?.onStats(({ ok }) => ok > 0 && (acknowledgedMs = clock.nowMs()));
  const over = new AbortController();
  const watched = { clock, leader: () => observers.leadership().leader, acknowledgedMs: () => acknowledgedMs, violation: () => violations.violation() };
  const aborting = untilAbort(plan.scenario.abortIf ?? {}, watched, AbortSignal.any([signal, over.signal])).then((why) => why !== undefined && request.abort(`its abort condition, ${why}`));
  try {
    await playTimeline(plan, { cluster, clock, timelineStartMs, leadership: () => observers.leadership(), record: (event) => recorder.event(event), signal, limits, healingLimitMs: longestHealingMs });
  } finally {
    over.abort();
    await aborting;
  }
  if (signal.aborted) recorder.event({ type: "interrupted", atMs: clock.nowMs(), signal: String(signal.reason) });
}

async function begin(workload: RunningWorkload | undefined, cluster: RunningCluster, recorder: Recorder, clock: Clock): Promise<void> {
  if (workload === undefined) return;
  // Told at once: whoever watches need not wait for the end of the timeline to see it.
  workload.onStats(({ missedAt }) => {
    if (missedAt.length > 0) recorder.event({ type: "missed", atMs: clock.nowMs(), requests: missedAt });
  });
  workload.onFailure((error) => recorder.event({ type: "workload", atMs: clock.nowMs(), state: "failed", detail: error.message }));
  await workload.begin(cluster.members.map(({ name, clientUrl }) => ({ member: name, url: clientUrl })));
  recorder.event({ type: "workload", atMs: clock.nowMs(), state: "started" });
}

async function end(workload: RunningWorkload | undefined, recorder: Recorder, clock: Clock): Promise<void> {
  if (workload === undefined) return;
  try {
    const summary = await workload.stop();
    const unread = summary.unread.map((member) => `not all keys could be read through ${member} at the end`);
    const unwatched = summary.unwatched.map((member) => `the watch through ${member} did not come to the end`);
    const unsent = summary.missed > 0 ? [`${summary.missed} operations were due but not sent: the clients were all waiting`] : [];
    const detail = [...unsent, ...unread, ...unwatched].join("; ") || undefined;
    recorder.event({ type: "workload", atMs: clock.nowMs(), state: "stopped", timerLateMaxMs: summary.timerLateMaxMs, ...(detail === undefined ? {} : { detail }) });
  } catch (error) {
    recorder.event({ type: "workload", atMs: clock.nowMs(), state: "failed", detail: `it did not stop in order: ${messageOf(error)}` });
  }
}
