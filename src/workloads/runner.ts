import { spawn, type ChildProcess } from "node:child_process";
import { once } from "node:events";
import { nodeArguments } from "../entry.ts";
import { HarnessError, messageOf } from "../errors.ts";
import { runVariable } from "../marks.ts";
import type { MemberEndpoint } from "./load.ts";
import { reportSchema, type Order, type Report } from "./messages.ts";
import type { WorkloadStats, WorkloadSummary } from "./stats.ts";
import { longestTimeoutMs, type Workloads } from "./workloads.ts";

export interface WorkloadStart {
  readonly workloads: Workloads;
  readonly seed: number;
  /** Marks the process as one of the run. */
  readonly runId: string;
  /** The zero of the run's clock: `MonotonicClock.originNs`. */
  readonly originNs: bigint;
  /** Where each operation becomes a line; gone on with when it exists. */
  readonly historyPath: string;
  /** The same for what comes back to watchers, where there are any. */
  readonly watchesPath: string;
}

/** Workloads in a process of their own. Disposal kills it, with what it had not written yet. */
export interface RunningWorkload extends AsyncDisposable {
  readonly pid: number;
  /**
   * Starts the load; resolves when all clients are connected and at work. Called once.
   * @throws HarnessError `cluster` when a client finds no connection within 5 s
   */
  begin(endpoints: readonly MemberEndpoint[]): Promise<void>;
  /**
   * Ends the load: no further requests, those in flight get their time, all is written to the history. Called once.
   * @throws HarnessError when the load has failed, now or earlier; the history is then incomplete
   */
  stop(): Promise<WorkloadSummary>;
  /** Four times a second while the load goes on. */
  onStats(listener: (stats: WorkloadStats) => void): void;
  /** Called once if the load ends by itself, which it never should. */
  onFailure(listener: (error: HarnessError) => void): void;
}

/**
 * Starts the load process, which loads its libraries while the caller does something else,
 * such as starting a cluster.
 * @throws HarnessError `environment` when no process can be started
 */
export async function startWorkload(start: WorkloadStart): Promise<RunningWorkload> {
  // A process group of its own: a Ctrl-C at the terminal reaches the harness alone, which then ends the load in order.
  const child = spawn(process.execPath, nodeArguments("workloads/process.ts"), {
    stdio: ["ignore", "ignore", "pipe", "ipc"],
    env: { ...process.env, [runVariable]: start.runId },
    detached: true,
  });
  try {
    await once(child, "spawn");
  } catch (cause) {
    throw new HarnessError("environment", `the load process could not be started: ${messageOf(cause)}`, { cause });
  }
  const { pid } = child;
  if (pid === undefined) throw new HarnessError("internal", "the load process was started without a pid");
  return new LoadProcess(pid, child, start);
}

/** Starting node, loading etcd3 and connecting, on a machine that has other things to do. */
const beginLimitMs = 30_000;
/** What stopping may take beyond the time-out of the operations in flight. */
const stopLimitMs = 20_000;
const exitLimitMs = 5_000;
const stderrMaxCharacters = 4_000;

class LoadProcess implements RunningWorkload {
  readonly pid: number;
  readonly #child: ChildProcess;
  readonly #start: WorkloadStart;
  readonly #exited: Promise<unknown>;
  readonly #statsListeners: ((stats: WorkloadStats) => void)[] = [];
  readonly #failureListeners: ((error: HarnessError) => void)[] = [];
  #awaited: { readonly onReport: (report: Report) => void; readonly onFailure: (error: HarnessError) => void } | undefined;
  #failure: HarnessError | undefined;
  /** Its end is nothing to wonder about from now on. */
  #released = false;
  #stderr = "";

  constructor(pid: number, child: ChildProcess, start: WorkloadStart) {
    this.pid = pid;
    this.#child = child;
    this.#start = start;
    this.#exited = new Promise((resolve) => child.once("exit", resolve));
    // Later than `exit`: all that it wrote to standard error was read. Does not come after our own `disconnect`.
    child.once("close", (code, signal) => {
      this.#fail(new HarnessError("internal", `the load process ended by itself (${signal ?? `exit code ${code}`})${this.#stderr && `: ${this.#stderr.trim()}`}`));
    });
    child.on("error", (cause) => this.#fail(new HarnessError("internal", `the load process cannot be reached: ${messageOf(cause)}`, { cause })));
    child.on("message", (raw) => this.#receive(raw));
    child.stderr?.setEncoding("utf8").on("data", (text: string) => {
      this.#stderr = (this.#stderr + text).slice(-stderrMaxCharacters);
    });
  }

  async begin(endpoints: readonly MemberEndpoint[]): Promise<void> {
    const { workloads: { parts, watch }, seed, originNs, historyPath, watchesPath } = this.#start;
    const workloads = parts.map(({ kind, options }) => ({ kind, options }));
    await this.#tell({ type: "begin", workloads, seed, originNs: String(originNs), historyPath, ...(watch === undefined ? {} : { watch: { spec: watch, path: watchesPath } }), endpoints: [...endpoints] }, "begun", beginLimitMs);
  }

  async stop(): Promise<WorkloadSummary> {
    const { summary } = await this.#tell({ type: "stop" }, "stopped", longestTimeoutMs(this.#start.workloads.parts) + stopLimitMs);
    this.#released = true;
    this.#child.disconnect();
    // All is written; a process that lingers must not keep the run from ending.
    const impatience = setTimeout(() => this.#child.kill("SIGKILL"), exitLimitMs);
    await this.#exited;
    clearTimeout(impatience);
    return summary;
  }

  onStats(listener: (stats: WorkloadStats) => void): void {
    this.#statsListeners.push(listener);
  }

  onFailure(listener: (error: HarnessError) => void): void {
    this.#failureListeners.push(listener);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#released = true;
    if (this.#child.exitCode === null && this.#child.signalCode === null) this.#child.kill("SIGKILL");
    await this.#exited;
  }

  /** Sends an order and resolves with the report of that type which answers it. */
  async #tell<Type extends Report["type"]>(order: Order, type: Type, limitMs: number): Promise<Extract<Report, { type: Type }>> {
    if (this.#failure !== undefined) throw this.#failure;
    let timer: NodeJS.Timeout | undefined;
    try {
      return await new Promise((resolve, reject) => {
        const onReport = (report: Report): void => void (isOf(report, type) && resolve(report));
        this.#awaited = { onReport, onFailure: reject };
        timer = setTimeout(() => reject(new HarnessError("internal", `the load process did not answer "${order.type}" within ${limitMs / 1000} s`)), limitMs);
        this.#child.send(order, (error) => void (error && reject(new HarnessError("internal", `the load process is gone: ${messageOf(error)}`, { cause: error }))));
      });
    } finally {
      clearTimeout(timer);
      this.#awaited = undefined;
    }
  }

  #receive(raw: unknown): void {
    const { data: report, error } = reportSchema.safeParse(raw);
    if (report === undefined) this.#fail(new HarnessError("internal", `the load process reports what makes no sense: ${error.message}`));
    else if (report.type === "stats") this.#statsListeners.forEach((listener) => listener(report.stats));
    else if (report.type === "failed") this.#fail(new HarnessError(report.code, report.message));
    else this.#awaited?.onReport(report);
  }

  #fail(error: HarnessError): void {
    if (this.#failure !== undefined || this.#released) return;
    this.#failure = error;
    this.#awaited?.onFailure(error);
    this.#failureListeners.forEach((listener) => listener(error));
  }
}

function isOf<Type extends Report["type"]>(report: Report, type: Type): report is Extract<Report, { type: Type }> {
  return report.type === type;
}
