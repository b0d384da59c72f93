import { randomInt } from "node:crypto";
import { mkdir, writeFile } from "node:fs/promises";
import { join, resolve } from "node:path";
import { MonotonicClock, type Clock } from "../../clock.ts";
import { HarnessError } from "../../errors.ts";
import { describeRequest, parseEtcdRequest } from "../../etcd/request.ts";
import type { Matrix, MatrixColumn } from "../../nightly/matrix.ts";
import { standingOf } from "../../nightly/standing.ts";
import { renderMatrixHtml } from "../../report/matrix/page.tsx";
import { renderMatrixSummary } from "../../report/matrix/summary.ts";
import { renderMatrixTerminal } from "../../report/matrix/terminal.ts";
import { nightlyExitCode, type ExitCode } from "../exit-codes.ts";
import { playTurns } from "../nightly/play-turns.ts";
import { tellStepOfTurns } from "../nightly/tell-step.ts";
import { distinct, turnsOf, type Entrant } from "../nightly/turns.ts";
import { reportsFolder, shown } from "../paths.ts";
import { makeReady, readScenarios } from "../prepare.ts";
import type { RunOptions } from "../program.ts";
import { writeIndex } from "../reports-index.ts";
import { onInterruption } from "../signals.ts";
import { terminal } from "../terminal.ts";

export interface MatrixOptions extends Omit<RunOptions, "etcd"> {
  /** Several, with commas between them. */
  readonly etcd: string;
  readonly repeat: number;
  readonly jobs: number | "auto";
  readonly timeLimit?: number;
  readonly toxiproxy?: string;
  readonly out?: string;
}

const columnsMax = 12;

/** Runs scenarios on several versions of etcd, each run in a process of its own, and draws up the table. Everything that can be checked is checked before the first starts. */
export async function matrixCommand(names: readonly string[], options: MatrixOptions): Promise<ExitCode> {
  const out = resolve(options.out ?? reportsFolder);
  const clock = new MonotonicClock();
  const startedAt = new Date(clock.wallMs()).toISOString();
  const { columns, entrants } = await entered(names, etcdsIn(options.etcd), options, clock);
  using interruption = onInterruption({ clock });
  await mkdir(out, { recursive: true });
  const seed = options.seed ?? randomInt(1_000_000_000);
  const [runtime = "local"] = entrants.map((each) => each.runtime.kind);
  const settings = { runtime, toxiproxy: options.toxiproxy, out, clock, signal: interruption.signal };
  const { turns, jobs } = await playTurns(turnsOf(entrants, seed, options.repeat), { what: "matrix", settings, jobs: options.jobs, retries: 0, limitMs: options.timeLimit });
  const received = interruption.received();
  const matrix: Matrix = {
    startedAt, tookMs: Math.round(clock.nowMs()), runtime, seed, columns,
    repeat: options.repeat, retries: 0, flakesOk: false,
    ...(options.timeLimit === undefined ? {} : { timeLimitMs: options.timeLimit }),
    ...(received === undefined ? {} : { signal: received }),
    jobs,
    turns,
  };
  const summary = renderMatrixSummary(matrix);
  await writeFile(join(out, "matrix.md"), summary);
  await writeFile(join(out, "matrix.html"), renderMatrixHtml(matrix));
  await writeIndex(out);
  await tellStepOfTurns(matrix, summary);
  process.stdout.write(renderMatrixTerminal(matrix, { reportPath: shown(join(out, "matrix.html")), ...terminal(process.stdout) }));
  return nightlyExitCode(turns.map(({ end }) => standingOf(end)), { flakesOk: false, received });
}

/** As runs tell them, so that theirs can be known by them. */
function etcdsIn(text: string): string[] {
  const etcds = text.split(",").map((part) => describeRequest(parseEtcdRequest(part)));
  const twice = etcds.find((etcd, index) => etcds.indexOf(etcd) !== index);
  if (twice !== undefined) throw new HarnessError("usage", `--etcd names ${twice} twice`);
  if (etcds.length > columnsMax) throw new HarnessError("usage", `--etcd names ${etcds.length} versions, and a table has ${columnsMax} columns at most`);
  return etcds;
}

/** Each scenario on each etcd, scenario by scenario: a time limit leaves out scenarios before it leaves out versions. */
async function entered(names: readonly string[], etcds: readonly string[], options: MatrixOptions, clock: Clock): Promise<{ readonly columns: readonly MatrixColumn[]; readonly entrants: readonly Entrant[] }> {
  const byColumn: Entrant[][] = [];
  for (const etcd of etcds) {
    const ready = await makeReady(distinct(await readScenarios(names, { etcd })), { ...options, etcd }, clock);
    byColumn.push(ready.map((each) => ({ ...each, column: etcd })));
  }
  const columns = etcds.map((asked, index) => ({ asked, version: byColumn[index]?.[0]?.prepared.version }));
  const entrants = (byColumn[0] ?? []).flatMap((_, scenario) => byColumn.flatMap((column) => column[scenario] ?? []));
  return { columns, entrants };
}
