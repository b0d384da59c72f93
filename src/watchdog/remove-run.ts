import { readFile, rm } from "node:fs/promises";
import { findEngine } from "../cluster/docker/engine.ts";
import { removeDockerRun } from "../cluster/docker/remove.ts";
import { thawVolumes } from "../cluster/local/volume.ts";
import { runFolder } from "../marks.ts";
import { killMarked } from "./processes.ts";

export interface Removed {
  readonly processes: number;
  readonly containers: number;
  readonly networks: number;
}

/**
 * Removes everything that a run may have left: processes, containers, networks and its
 * temporary folder. Mount namespaces go with the processes in them, and with these the loop
 * devices; a frozen volume is thawed, or what waits for it could not be killed. Idempotent.
 */
export async function removeRun(runId: string): Promise<Removed> {
  await thawVolumes(runId);
  const [processes, { containers, networks }] = await Promise.all([killMarked(runId), removeContainers(runId)]);
  // What was killed may have been freezing one.
  await thawVolumes(runId);
  await rm(runFolder(runId), { recursive: true, force: true, maxRetries: 5 });
  return { processes, containers, networks };
}

async function removeContainers(runId: string): Promise<{ containers: number; networks: number }> {
  const engine = await findEngine();
  return engine.kind === "answers" ? removeDockerRun(engine.docker, runId) : { containers: 0, networks: 0 };
}

/** Whose run it is: a line of `owner.json` in the run's temporary folder. */
export interface Owner {
  readonly pid: number;
  /** Start time of the process in clock ticks since boot, so that a reused pid is told apart. */
  readonly startTicks: string;
}

/** True when the harness that owns the run still lives. */
export async function isOwned(owner: Owner): Promise<boolean> {
  return (await startTicks(owner.pid)) === owner.startTicks;
}

/** Field 22 of /proc/PID/stat; the name before it may hold anything, also blanks and parentheses. */
export async function startTicks(pid: number): Promise<string | undefined> {
  const stat = await readFile(`/proc/${pid}/stat`, "utf8").catch(() => "");
  return stat === "" ? undefined : stat.slice(stat.lastIndexOf(")") + 2).split(" ")[19];
}
