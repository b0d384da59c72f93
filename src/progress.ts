import { MultiBar, type Options, type Params, type SingleBar } from "cli-progress";

/** One thing that takes a while. Exactly one of `done` and `fail` ends it; what comes after is ignored. */
export interface ProgressTask {
  /** So many more bytes are here. */
  advance(bytes: number): void;
  /** What is being done just now, in a few words. */
  note(text: string): void;
  done(): void;
  fail(): void;
}

/** Tells somebody who waits how far things are. Never on standard output, which is for results. */
export interface Progress {
  /** Begins a task; without a total only the bytes so far are shown. */
  start(task: string, totalBytes?: number): ProgressTask;
}

/** Says nothing. */
export const silentProgress: Progress = {
  start: () => ({ advance: () => undefined, note: () => undefined, done: () => undefined, fail: () => undefined }),
};

/** Bars at a terminal, a plain line now and then elsewhere. */
export function progressOn(stream: NodeJS.WritableStream & { readonly isTTY?: boolean }, clock: { nowMs(): number }): Progress {
  return stream.isTTY
    ? terminalProgress(stream)
    : plainProgress({ write: (line) => stream.write(`${line}\n`), nowMs: () => clock.nowMs() });
}

export interface PlainProgressOptions {
  readonly write: (line: string) => void;
  readonly nowMs: () => number;
  /** At most one line in so many milliseconds, over all tasks; failures and the end of what was announced come at once. */
  readonly everyMs?: number;
}

/** Lines for logs: a task that is over before its turn comes is never mentioned. */
export function plainProgress({ write, nowMs, everyMs = 3000 }: PlainProgressOptions): Progress {
  let nextLineMs = -Infinity;
  return {
    start(task, totalBytes) {
      let mentioned = false;
      let over = false;
      let bytes = 0;
      const say = (state: string): void => {
        nextLineMs = nowMs() + everyMs;
        mentioned = true;
        write(`${task}: ${state}`);
      };
      const sayIfDue = (state: () => string): void => {
        if (!over && nowMs() >= nextLineMs) say(state());
      };
      sayIfDue(() => (totalBytes === undefined ? "started" : `started, ${megabytes(totalBytes)} to fetch`));
      return {
        advance(more) {
          bytes += more;
          sayIfDue(() => howFar(bytes, totalBytes));
        },
        note: (text) => sayIfDue(() => text),
        done() {
          if (!over && mentioned) say(bytes === 0 ? "done" : `done, ${megabytes(bytes)}`);
          over = true;
        },
        fail() {
          if (!over) say("failed");
          over = true;
        },
      };
    },
  };
}

/** A bar for each running task, gone when the last one ends. */
export function terminalProgress(stream: NodeJS.WritableStream): Progress {
  let bars: MultiBar | undefined;
  let running = 0;
  return {
    start(task, totalBytes) {
      // Ctrl-C belongs to the command; as nothing restores a hidden cursor then, none is hidden.
      bars ??= new MultiBar({ stream, format: drawBar, gracefulExit: false, hideCursor: false, clearOnComplete: true });
      const shown: SingleBar = bars.create(totalBytes ?? 0, 0, { task, note: "" });
      running += 1;
      let over = false;
      const end = (): void => {
        if (over) return;
        over = true;
        running -= 1;
        bars?.remove(shown);
        if (running > 0) return;
        bars?.stop();
        bars = undefined;
      };
      return {
        advance: (bytes) => void (over || shown.increment(bytes)),
        note: (text) => void (over || shown.update({ note: text })),
        done: end,
        fail: end,
      };
    },
  };
}

function drawBar(_options: Options, params: Params, payload: { task: string; note: string }): string {
  const width = 24;
  const full = Math.round(Math.min(1, params.total > 0 ? params.value / params.total : 0) * width);
  const bar = params.total > 0 ? `${"█".repeat(full)}${"░".repeat(width - full)} ` : "";
  return `${payload.task} ${bar}${howFar(params.value, params.total || undefined)} ${payload.note}`.trimEnd();
}

function howFar(bytes: number, totalBytes: number | undefined): string {
  if (totalBytes === undefined || totalBytes === 0) return megabytes(bytes);
  const percent = Math.min(100, Math.floor((100 * bytes) / totalBytes));
  return `${percent} % (${(bytes / 1e6).toFixed(1)} of ${megabytes(totalBytes)})`;
}

function megabytes(bytes: number): string {
  return `${(bytes / 1e6).toFixed(1)} MB`;
}
