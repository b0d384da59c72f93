import { spawn } from "node:child_process";
import { once } from "node:events";
import { createInterface } from "node:readline";
import { HarnessError, messageOf } from "./errors.ts";

/** A process that runs until it is ended. */
export interface Child extends AsyncDisposable {
  readonly pid: number;
  /** How it ended: `exit code 1`, `SIGKILL`; undefined while it runs. */
  exit(): string | undefined;
  /** Resolves when it has ended and everything it wrote was read. */
  readonly ended: Promise<string>;
  /** Sends a signal; nothing happens when it has ended. */
  signal(name: NodeJS.Signals): void;
}

export interface ChildOptions {
  /** Added to the environment. */
  readonly env?: Readonly<Record<string, string>>;
  /** What it is added to: the harness's own environment when absent. */
  readonly baseEnv?: NodeJS.ProcessEnv;
  /** Each whole line of standard output or error. */
  readonly onLine?: (line: string, stream: "stdout" | "stderr") => void;
}

/**
 * Starts a process whose standard input stays open as long as we live, in a process group
 * of its own: a Ctrl-C at the terminal reaches the harness alone, which then ends it in order.
 * @throws HarnessError `environment` when it cannot be started
 */
export async function startChild(file: string, args: readonly string[], { env = {}, baseEnv = process.env, onLine }: ChildOptions = {}): Promise<Child> {
  const child = spawn(file, args, { stdio: ["pipe", "pipe", "pipe"], env: { ...baseEnv, ...env }, detached: true });
  // A child that ends first breaks the pipe that only tells it of our life.
  child.stdin.on("error", () => undefined);
  for (const stream of ["stdout", "stderr"] as const) {
    createInterface({ input: child[stream], crlfDelay: Infinity }).on("line", (line) => onLine?.(line, stream));
  }
  let exit: string | undefined;
  child.once("exit", (code, signal) => (exit = signal ?? `exit code ${code}`));
  const ended = once(child, "close").then(() => exit ?? "ended");
  ended.catch(() => undefined);
  try {
    await once(child, "spawn");
  } catch (cause) {
    throw new HarnessError("environment", `${file} could not be started: ${messageOf(cause)}`, { cause });
  }
  const { pid } = child;
  if (pid === undefined) throw new HarnessError("internal", `${file} was started without a pid`);
  return {
    pid,
    exit: () => exit,
    ended,
    signal: (name) => void (exit === undefined && child.kill(name)),
    async [Symbol.asyncDispose]() {
      if (exit === undefined) child.kill("SIGKILL");
      await ended;
    },
  };
}
