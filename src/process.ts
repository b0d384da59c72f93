import { spawn } from "node:child_process";
import { constants } from "node:os";

import { HarnessError, messageOf } from "./errors.ts";

/** A command as a program and its arguments. */
export interface Command {
  readonly file: string;
  readonly args: readonly string[];
}

export interface CommandResult {
  /** 0–255; a command that died of signal N counts as 128 + N, as in a shell. */
  readonly exitCode: number;
  readonly stdout: string;
  readonly stderr: string;
}

export interface CommandOptions {
  readonly cwd?: string;
  /** The whole environment of the command; the harness's own when absent. */
  readonly env?: NodeJS.ProcessEnv;
  /** The command is killed after so long. Default one minute. */
  readonly timeoutMs?: number;
  /** Kills the command when aborted. */
  readonly signal?: AbortSignal;
  /** What the command reads on its standard input; nothing when absent. */
  readonly input?: string;
  /** Called with every whole line of standard output, as it comes. */
  readonly onStdoutLine?: (line: string) => void;
}

/**
 * Runs a command to its end, without a shell. A non-zero exit code is a result, not an error.
 *
 * @throws HarnessError "environment" when it cannot be started (cause.code is then ENOENT, EACCES…),
 * does not end in time, or prints more than 32 MiB; the signal's reason when aborted.
 */
export type RunCommand = (file: string, args: readonly string[], options?: CommandOptions) => Promise<CommandResult>;

const defaultTimeoutMs = 60_000;
const outputMaxCharacters = 32 * 1024 * 1024;

/** The one place where a command is run to its end; elsewhere `RunCommand` is passed in. */
export const runCommand: RunCommand = (file, args, options = {}) =>
  new Promise((resolve, reject) => {
    const { timeoutMs = defaultTimeoutMs, signal, onStdoutLine } = options;
    signal?.throwIfAborted();
    const child = spawn(file, args, { cwd: options.cwd, env: options.env, stdio: ["pipe", "pipe", "pipe"] });
    const shown = [file, ...args].join(" ");
    let stdout = "";
    let stderr = "";
    let lineRest = "";

    const giveUp = (reason: unknown): void => {
      stopListening();
      child.kill("SIGKILL");
      // A grandchild may still hold the pipes: don't wait for it.
      child.stdout.destroy();
      child.stderr.destroy();
      reject(reason);
    };
    const onAbort = (): void => giveUp(signal?.reason);
    const timer = setTimeout(() => {
      giveUp(new HarnessError("environment", `${shown} did not end within ${timeoutMs / 1000} s`));
    }, timeoutMs);
    const stopListening = (): void => {
      clearTimeout(timer);
      signal?.removeEventListener("abort", onAbort);
    };
    const boundOutput = (): void => {
      if (stdout.length + stderr.length <= outputMaxCharacters) return;
      giveUp(new HarnessError("environment", `${shown} printed more than ${outputMaxCharacters / 1024 / 1024} MiB`));
    };

    signal?.addEventListener("abort", onAbort, { once: true });
    child.stdout.setEncoding("utf8").on("data", (text: string) => {
      stdout += text;
      const lines = (lineRest + text).split("\n");
      lineRest = lines.pop() ?? "";
      if (onStdoutLine) lines.forEach(onStdoutLine);
      boundOutput();
    });
    child.stderr.setEncoding("utf8").on("data", (text: string) => {
      stderr += text;
      boundOutput();
    });
    child.on("error", (error) => {
      stopListening();
      reject(new HarnessError("environment", `${file} could not be started: ${startTrouble(error)}`, { cause: error }));
    });
    child.on("close", (code, killedBy) => {
      stopListening();
      if (lineRest !== "" && onStdoutLine) onStdoutLine(lineRest);
      resolve({ exitCode: code ?? 128 + signalNumber(killedBy), stdout, stderr });
    });
    // A command that ends without reading its input closes the pipe: no concern of ours.
    child.stdin.on("error", () => undefined);
    child.stdin.end(options.input ?? "");
  });

function startTrouble(error: Error): string {
  switch (errnoOf(error)) {
    case "ENOENT": return "it is not installed (ENOENT)";
    case "EACCES": return "it may not be executed (EACCES)";
    default: return messageOf(error);
  }
}

/** The system's name of an error (`ENOENT`, `ENOSPC`…), looked for in the error and in its causes. */
export function errnoOf(thrown: unknown): string | undefined {
  for (let error = thrown; error instanceof Error; error = error.cause) {
    if ("code" in error && typeof error.code === "string" && !(error instanceof HarnessError)) return error.code;
  }
  return undefined;
}

function signalNumber(name: NodeJS.Signals | null): number {
  return name === null ? 0 : constants.signals[name];
}
