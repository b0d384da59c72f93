import { groups, median } from "d3-array";
import { z } from "zod";
import type { RunInfo } from "../recording/run-info.ts";
import { formatDuration } from "../units/duration.ts";

/** A run of a scenario that expects a known bug: a line of `docs/track-record.jsonl`. */
export const trackedRunSchema = z.strictObject({
  /** The run's id. */
  run: z.string(),
  scenario: z.string(),
  /** ISO 8601, UTC. */
  startedAt: z.string(),
  /** The command that runs it again, with whatever seed. */
  command: z.string(),
  etcd: z.string(),
  runtime: z.string(),
  issue: z.string(),
  fail: z.array(z.string()).min(1),
  on: z.string(),
  affected: z.boolean(),
  shown: z.boolean(),
  shownAfterMs: z.number().optional(),
  outcome: z.enum(["pass", "fail", "inconclusive"]),
});
export type TrackedRun = z.infer<typeof trackedRunSchema>;

/** What of `results.json` matters here. */
const judgedSchema = z.object({
  outcome: trackedRunSchema.shape.outcome,
  expectation: trackedRunSchema.pick({ issue: true, fail: true, on: true, affected: true, shown: true, shownAfterMs: true }),
});

/** The line of a run; undefined where it did not go to its end, expects no bug that is published, or nobody knows whether its etcd has it. */
export function trackedRun(results: unknown, { id, scenario, startedAt, status, replay, etcd, runtime }: RunInfo): TrackedRun | undefined {
  const { data } = judgedSchema.safeParse(results);
  return status !== "finished" ? undefined : data && { run: id, scenario, startedAt, command: commandOf(replay), etcd: etcd.version, runtime: runtime.kind, ...data.expectation, outcome: data.outcome };
}

/** With whatever seed, and with the scenario by its name, also where it was asked for by its file. */
function commandOf(replay: string): string {
  return replay.replace(/ --seed \d+/, "").replace(/ scenarios\/(\S+)\.yaml/, " $1");
}

/** The lines of two lists, each run once, the later one's where both have it; in order of scenarios and time. */
export function mergedRuns(runs: readonly TrackedRun[], more: readonly TrackedRun[]): TrackedRun[] {
  const byId = new Map([...runs, ...more].map((run) => [run.run, run]));
  return [...byId.values()].sort((a, b) => a.scenario.localeCompare(b.scenario) || a.startedAt.localeCompare(b.startedAt));
}

/** `docs/track-record.md`: how often each bug showed itself, by version and runtime. */
export function renderTrackRecord(runs: readonly TrackedRun[]): string {
  const rows = groups(runs, ({ scenario, etcd, runtime }) => `${scenario} ${etcd} ${runtime}`).map(([, group]) => group).sort(byPlace).flatMap(row);
  return [
    "# Track record",
    "",
    "Published bugs of etcd that the scenarios in `scenarios/known-bugs/` look for, and how often they were found. `npm run track-record` wrote this page from the runs in [track-record.jsonl](track-record.jsonl); nothing in it is written by hand.",
    "",
    "A run on a version that has the bug passes where it showed itself and nothing else was violated; on other versions it passes where nothing was. Runs that did not go to their end are left out, and those of scenarios that were changed since; one that is inconclusive did, and could not tell all the same, as where a fault was not proven. The time to find is that from the start of the load to what shows the violation, in the median.",
    "",
    "| bug | what it breaks | versions that have it | etcd | runtime | found | time to find | last run | command |",
    "|:--|:--|:--|:--|:--|--:|--:|:--|:--|",
    ...rows,
    "",
  ].join("\n");
}

function row(runs: readonly TrackedRun[]): string[] {
  const last = runs.at(-1);
  if (last === undefined) return [];
  const { issue, fail, on, etcd, runtime, startedAt, command } = last;
  const shown = runs.filter((run) => run.shown);
  const afterMs = median(shown.flatMap(({ shownAfterMs }) => shownAfterMs ?? []));
  const open = runs.filter((run) => !run.shown && run.outcome === "inconclusive").length;
  const found = `${shown.length} of ${runs.length}${open === 0 ? "" : `, ${open} inconclusive`}`;
  const cells = [link(issue), fail.join(", "), `\`${on.replaceAll("|", "\\|")}\``, etcd, runtime, found, afterMs === undefined ? "—" : formatDuration(roundedMs(afterMs)), startedAt.slice(0, 10), `\`${command}\``];
  return [`| ${cells.join(" | ")} |`];
}

/** Two digits say as much as anybody can rely on. */
function roundedMs(ms: number): number {
  return Number(ms.toPrecision(2));
}

function link(issue: string): string {
  const [, number] = /^etcd#(\d+)$/.exec(issue) ?? [];
  return number === undefined ? issue : `[${issue}](https://github.com/etcd-io/etcd/issues/${number})`;
}

/** Versions that have the bug before those that have not. */
function byPlace([a]: readonly TrackedRun[], [b]: readonly TrackedRun[]): number {
  if (a === undefined || b === undefined) return 0;
  return a.scenario.localeCompare(b.scenario) || Number(b.affected) - Number(a.affected) || a.etcd.localeCompare(b.etcd, "en", { numeric: true }) || b.runtime.localeCompare(a.runtime);
}
