import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdir, rm, rmdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { nodeArguments } from "../entry.ts";
import { runFolder, runsFolder } from "../marks.ts";
import { startTicks, type Owner } from "./remove-run.ts";

/** Times by which the harness has to have done something, each with a name without blanks. */
export interface TimeLimits {
  /**
   * Unless it is done within so long, or another time is set, everything of the run is removed
   * even if the harness lives: one that hangs heals nothing.
   */
  within(name: string, limitMs: number): void;
  /** Idempotent. */
  done(name: string): void;
}

/** Disposing says that everything was removed in order, and lets the watchdog go. */
export interface Watchdog extends TimeLimits, AsyncDisposable {}

/**
 * Starts a process outside the harness that removes everything of the run when the harness
 * is gone, and notes the owner for `clean`. Start it before anything else of the run.
 */
export async function startWatchdog(runId: string): Promise<Watchdog> {
  const folder = runFolder(runId);
  await mkdir(folder, { recursive: true });
  const owner: Owner = { pid: process.pid, startTicks: (await startTicks(process.pid)) ?? "" };
  await writeFile(join(folder, ownerFile), JSON.stringify(owner));
  // Detached: signals to our process group, such as Ctrl-C at a terminal, must not end it.
  const child = spawn(process.execPath, nodeArguments("watchdog/main.ts", runId), { detached: true, stdio: ["pipe", "ignore", "ignore"] });
  child.stdin.on("error", () => undefined);
  child.unref();
  await once(child, "spawn");
  return {
    within: (name, limitMs) => void child.stdin.write(`within ${name} ${Math.max(0, Math.ceil(limitMs))}\n`),
    done: (name) => void child.stdin.write(`done ${name}\n`),
    async [Symbol.asyncDispose]() {
      // Awaited from here on: else node would end for want of anything to do.
      child.ref();
      child.stdin.end("released\n");
      if (child.exitCode === null && child.signalCode === null) await once(child, "exit");
      await rm(folder, { recursive: true, force: true });
      await rmdir(runsFolder()).catch(() => undefined); // Other runs may still have theirs.
    },
  };
}

export const ownerFile = "owner.json";
