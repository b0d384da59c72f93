import { existsSync, mkdirSync, renameSync, writeFileSync } from "node:fs";
import { join } from "node:path";

import type { Clock } from "../clock.ts";
import { HarnessError, messageOf } from "../errors.ts";
import { errnoOf } from "../process.ts";
import type { RunEvent } from "./events.ts";
import { files, logFile } from "./folder.ts";
import { LineWriter } from "./jsonl.ts";
import type { PromqlAnswer } from "./promql.ts";
import type { RunInfo } from "./run-info.ts";
import type { MachineSample } from "./machine.ts";
import type { HashSample, HealthSample, MetricsSample, StatusSample } from "./samples.ts";
import type { TelemetryEntry } from "./telemetry.ts";

/** A change of the wall clock against the run's clock that is worth an event, in milliseconds. */
const clockStepMs = 1;
const clockWatchEveryMs = 1000;

/**
 * Writes a run's folder live. When the process dies, all events are there, and everything
 * else up to the last tenth of a second.
 *
 * Nothing is thrown after `create`: recording happens in listeners and loops that must go on to
 * heal what was broken. The first error is kept in `failure`, and a file that failed is not written
 * any further.
 */
export class Recorder implements AsyncDisposable {
  readonly folder: string;
  readonly #clock: Clock;
  #info: RunInfo;
  #failure: HarnessError | undefined;
  readonly #events: LineWriter;
  readonly #metrics: LineWriter;
  readonly #status: LineWriter;
  readonly #later = new Map<string, LineWriter>();
  readonly #machine: LineWriter;
  #promql: LineWriter | undefined;
  readonly #eventListeners = new Set<(event: RunEvent) => void>();
  readonly #stopping = new AbortController();
  #clockWatch: Promise<void> | undefined;

  /**
   * Makes the folder, and its parents where needed.
   *
   * @throws HarnessError "recording" when the folder holds a run already or cannot be written.
   */
  static create(folder: string, info: RunInfo, clock: Clock): Recorder {
    if (existsSync(join(folder, files.info))) {
      throw new HarnessError("recording", `${folder} already holds a run`, { hint: "Choose another folder with --out." });
    }
    try {
      mkdirSync(join(folder, files.logs), { recursive: true });
      return new Recorder(folder, info, clock);
    } catch (cause) {
      throw unwritable(folder, cause);
    }
  }

  private constructor(folder: string, info: RunInfo, clock: Clock) {
    this.folder = folder;
    this.#clock = clock;
    this.#info = info;
    this.#writeInfo();
    this.#events = this.#open(files.events);
    this.#metrics = this.#open(files.metrics);
    this.#status = this.#open(files.status);
    this.#machine = this.#open(files.machine);
    this.event(this.#clockEvent());
    if (this.#failure) throw this.#failure.cause;
  }

  /** Where the workload's own process writes its operations. */
  get historyPath(): string {
    return join(this.folder, files.history);
  }

  /** Where it writes what came back to its watchers, if it has any. */
  get watchesPath(): string {
    return join(this.folder, files.watches);
  }

  get info(): RunInfo {
    return this.#info;
  }

  /** The first error in writing; the recording is not whole when there is one. */
  get failure(): HarnessError | undefined {
    return this.#failure;
  }

  /** Written before it returns; then the listeners are told. */
  event(event: RunEvent): void {
    this.#events.lineNow(JSON.stringify(event));
    for (const listener of this.#eventListeners) {
      try {
        listener(event);
      } catch (thrown) {
        this.#fail(new HarnessError("internal", `a listener to events threw: ${messageOf(thrown)}`, { cause: thrown }));
      }
    }
  }

  metrics(sample: MetricsSample): void {
    this.#metrics.line(JSON.stringify(sample));
  }

  status(sample: StatusSample): void {
    this.#status.line(JSON.stringify(sample));
  }

  health(sample: HealthSample): void {
    this.#status.line(JSON.stringify(sample));
  }

  hash(sample: HashSample): void {
    this.#status.line(JSON.stringify(sample));
  }

  machine(sample: MachineSample): void {
    this.#machine.line(JSON.stringify(sample));
  }

  /** What Prometheus answered; handed to the system before it returns, since the run ends soon. */
  promql(answer: PromqlAnswer): void {
    try {
      this.#promql ??= this.#open(files.promql);
    } catch (cause) {
      return this.#fail(unwritable(this.folder, cause));
    }
    this.#promql.lineNow(JSON.stringify(answer));
  }

  /** A line as the member wrote it, without its line end. */
  logLine(member: string, line: string): void {
    this.#lazily(member, logFile, line);
  }

  /** What came by OpenTelemetry; the file is made with the first of it. */
  telemetry(entry: TelemetryEntry): void {
    this.#lazily(files.telemetry, (file) => file, JSON.stringify(entry));
  }

  /** Rewrites `run.json`; a reader sees the old one or the new one, never half of it. */
  updateInfo(patch: Partial<Omit<RunInfo, "format" | "id">>): void {
    this.#info = { ...this.#info, ...patch };
    try {
      this.#writeInfo();
    } catch (cause) {
      this.#fail(unwritable(this.folder, cause));
    }
  }

  /** Calls back with each event from now on, until the returned function is called. */
  onEvent(listener: (event: RunEvent) => void): () => void {
    this.#eventListeners.add(listener);
    return () => void this.#eventListeners.delete(listener);
  }

  /** From now on looks once a second whether the wall clock was moved, and records it where it was. Stops on disposal. */
  startClockWatch(): void {
    this.#clockWatch ??= this.#watchClock();
  }

  /** Writes what is left and closes the files; later calls are ignored. */
  async [Symbol.asyncDispose](): Promise<void> {
    this.#stopping.abort();
    await this.#clockWatch;
    await Promise.all([this.#events, this.#metrics, this.#status, this.#machine, ...(this.#promql ? [this.#promql] : []), ...this.#later.values()].map((writer) => writer.close()));
  }

  /** Appends to a file that is made with its first line. */
  #lazily(name: string, fileOf: (name: string) => string, line: string): void {
    let writer = this.#later.get(name);
    if (writer === undefined) {
      try {
        writer = this.#open(fileOf(name));
      } catch (cause) {
        return this.#fail(unwritable(this.folder, cause));
      }
      this.#later.set(name, writer);
    }
    writer.line(line);
  }

  #open(file: string): LineWriter {
    return new LineWriter(join(this.folder, file), (cause) => this.#fail(unwritable(join(this.folder, file), cause)));
  }

  #writeInfo(): void {
    const path = join(this.folder, files.info);
    writeFileSync(`${path}.new`, `${JSON.stringify(this.#info, undefined, 2)}\n`);
    renameSync(`${path}.new`, path);
  }

  #fail(failure: HarnessError): void {
    this.#failure ??= failure;
  }

  /** Both clocks read as close together as can be: the tightest of three tries, since a busy machine may pause us between. */
  #clockEvent(): RunEvent & { type: "clock" } {
    let best: { atMs: number; wallMs: number; gapMs: number } | undefined;
    for (let tries = 0; tries < 3; tries += 1) {
      const beforeMs = this.#clock.nowMs();
      const wallMs = this.#clock.wallMs();
      const gapMs = this.#clock.nowMs() - beforeMs;
      if (best === undefined || gapMs < best.gapMs) best = { atMs: beforeMs, wallMs, gapMs };
    }
    return { type: "clock", atMs: best?.atMs ?? this.#clock.nowMs(), wallMs: best?.wallMs ?? this.#clock.wallMs() };
  }

  async #watchClock(): Promise<void> {
    let last = this.#clockEvent();
    while (!this.#stopping.signal.aborted) {
      await this.#clock.sleep(clockWatchEveryMs, this.#stopping.signal).catch(() => undefined);
      const now = this.#clockEvent();
      const movedMs = now.wallMs - now.atMs - (last.wallMs - last.atMs);
      if (Math.abs(movedMs) <= clockStepMs || this.#stopping.signal.aborted) continue;
      this.event(now);
      last = now;
    }
  }
}

function unwritable(path: string, cause: unknown): HarnessError {
  return new HarnessError("recording", `the recording cannot be written to ${path}: ${messageOf(cause)}`, {
    hint: hints.get(errnoOf(cause) ?? "") ?? "See that the folder can be written, or choose another with --out.",
    cause,
  });
}

const hints = new Map<string, string>([
  ["ENOSPC", "The disk is full: make room, or choose a folder on another disk with --out."],
  ["EDQUOT", "Your disk quota is used up: make room, or choose another folder with --out."],
  ["EACCES", "You may not write there: change the folder's permissions, or choose another with --out."],
  ["EPERM", "You may not write there: change the folder's permissions, or choose another with --out."],
  ["EROFS", "The file system is mounted read-only: choose another folder with --out."],
  ["ENOTDIR", "Part of the path is a file: choose another folder with --out."],
  ["EMFILE", "Too many files are open: raise the limit with ulimit -n."],
]);
