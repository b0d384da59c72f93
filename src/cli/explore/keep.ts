import { mkdir, readFile, rename, rm, writeFile } from "node:fs/promises";
import { join, relative } from "node:path";
import { catalogue } from "../../catalogue.ts";
import type { Exploration } from "../../explore/explorer.ts";
import type { Finding } from "../../explore/finding.ts";
import { scenarioText } from "../../explore/print.ts";
import { promisesBroken, promisesOf } from "../../explore/promises.ts";
import { guaranteeOf, shapeOf, type Violation } from "../../explore/violation.ts";
import { timelineEntries, type Sketch } from "../../explore/sketch.ts";
import { judge } from "../../judge/judge.ts";
import { readRecording, readRunInfo } from "../../recording/read.ts";
import { issueText } from "../../report/explore/issue.ts";
import type { Explored, ExploredFinding } from "../../report/explore/explored.ts";
import { renderExploredHtml } from "../../report/html/explore-page.tsx";
import { clip } from "../../report/text.ts";
import { parseScenario } from "../../scenario/parse.ts";
import { shown } from "../paths.ts";

const reasonMax = 200;

interface Kept extends Pick<Explored, "id" | "etcd" | "runtime" | "seed" | "replay" | "tookMs" | "sideBySide" | "endedBy"> {
  /** The search's folder; the runs are in `runs` below it. */
  readonly folder: string;
}

/**
 * Keeps what a search found in its folder: for each finding the scenario as it was found and as it was made smaller, a run
 * that shows it, and a text for an issue tracker; `index.html` and `explored.json` tell of all.
 */
export async function keepExploration(exploration: Exploration, { folder, ...about }: Kept): Promise<Explored> {
  await mkdir(folder, { recursive: true });
  const kept: ExploredFinding[] = [];
  const movedTo = new Map<string, string>();
  let etcd = about.etcd;
  for (const finding of exploration.findings) {
    const { told, version } = await keepFinding(finding, folder, about, movedTo);
    kept.push(told);
    etcd = version ?? etcd;
  }
  const explored: Explored = { ...about, etcd, runs: exploration.runs, reducing: exploration.reducing, findings: kept, coverage: exploration.coverage.table(), troubles: exploration.troubles };
  for (const finding of kept) await writeFile(join(folder, folderOf(finding), "issue.md"), issueText(explored, finding));
  await writeFile(join(folder, "explored.json"), `${JSON.stringify({ format: 1, ...explored }, (key, value: unknown) => (key === "counterexample" ? undefined : value), 2)}\n`);
  await writeFile(join(folder, "index.html"), renderExploredHtml(explored));
  await rm(join(folder, "runs"), { recursive: true, force: true });
  return explored;
}

function folderOf({ number, guarantee }: Pick<Finding, "number" | "guarantee">): string {
  return join("findings", `${number}-${guarantee.replaceAll(/[^a-z0-9]+/gi, "-").toLowerCase()}`);
}

async function keepFinding(finding: Finding, folder: string, { etcd, runtime }: Pick<Kept, "etcd" | "runtime">, movedTo: Map<string, string>): Promise<{ readonly told: ExploredFinding; readonly version: string | undefined }> {
  const { number, guarantee, violation, run, afterMs, again, reduced } = finding;
  const place = folderOf(finding);
  await mkdir(join(folder, place), { recursive: true });
  const smallest = reduced.kind === "shrunk" ? reduced : finding;
  const shownBy = smallest.played.violations.find((each) => guaranteeOf(each) === guarantee) ?? violation;
  const broken = ({ reason }: Violation): string => `${guarantee} is broken: ${clip(reason, reasonMax)}`;
  const text = scenarioText(smallest.sketch, { description: broken(shownBy), etcd, promises: promisesBroken(smallest.sketch, violation) });
  const path = join(place, reduced.kind === "shrunk" ? "shrunk.yaml" : "found.yaml");
  await writeFile(join(folder, place, "found.yaml"), scenarioText(finding.sketch, { description: `As it was found: ${broken(violation)}`, etcd, promises: promisesOf(finding.sketch) }));
  await writeFile(join(folder, path), text);
  const runFolder = await moved(smallest.played.folder ?? finding.played.folder, join(folder, place, "run"), movedTo);
  const counterexample = runFolder === undefined ? undefined : await counterexampleIn(runFolder, guarantee);
  const told: ExploredFinding = {
    number, guarantee, shape: shapeOf(violation), sentence: counterexample?.sentence ?? violation.reason, run, afterMs, again, reduced: reduced.kind,
    became: becameOf(finding, smallest.sketch),
    scenario: {
      path, text, entries: timelineEntries(smallest.sketch), entriesBefore: timelineEntries(finding.sketch),
      command: `npm run scenario -- ${shown(join(folder, path))} --seed ${smallest.seed} --runtime ${runtime}`,
    },
    ...(runFolder === undefined ? {} : { report: relative(folder, join(runFolder, "report.html")) }),
    ...(counterexample === undefined ? {} : { counterexample }),
  };
  return { told, version: runFolder === undefined ? undefined : (await readRunInfo(runFolder)).etcd.version };
}

function becameOf({ reduced, sketch }: Finding, smallest: Sketch): string {
  switch (reduced.kind) {
    case "shrunk":
      return `From ${timelineEntries(sketch)} to ${timelineEntries(smallest)} in its timeline, fails ${reduced.rate.hits} of ${reduced.rate.runs}${reduced.complete ? "" : "; there was no time to make it as small as it can be"}`;
    case "rare":
      return `Failed ${reduced.rate.hits} of ${reduced.rate.runs}, too seldom to make it smaller`;
    case "along":
      return `What ${reduced.with} was shrunk to shows it as well`;
    case "no-time":
      return "There was no time to make it smaller";
  }
}

/** One run may show several findings: whoever comes later finds it where it was moved to. */
async function moved(from: string | undefined, to: string, movedTo: Map<string, string>): Promise<string | undefined> {
  if (from === undefined) return undefined;
  const already = movedTo.get(from);
  if (already !== undefined) return already;
  await rename(from, to);
  movedTo.set(from, to);
  return to;
}

/** Judged again, for the file keeps the counterexample's data and not what renderers need. */
async function counterexampleIn(run: string, guarantee: string) {
  const scenario = parseScenario(await readFile(join(run, "scenario.yaml"), "utf8"), join(run, "scenario.yaml"), catalogue);
  const recording = await readRecording(run);
  return judge(recording, scenario.assertions, recording.info.replay)
    .assertions.filter(({ kind, verdict: { counterexample } }) => counterexample !== undefined && guaranteeOf({ kind, title: "", reason: "", witness: { ...counterexample, operations: [] } }) === guarantee)
    .map(({ verdict }) => verdict.counterexample)[0];
}
