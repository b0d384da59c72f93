import { tmpdir, userInfo } from "node:os";
import { join } from "node:path";

/**
 * How everything that belongs to a run is marked, so that it can be found again without
 * a list that could be out of date: processes by a variable of their environment,
 * containers, networks and volumes by a label, files by a folder.
 */
export const runVariable = "CHAOS_RUN_ID";
export const runLabel = "etcd-chaos.run";

/** The folder that holds one folder per run of this user: member data, host files, the owner's pid. */
export function runsFolder(): string {
  return join(tmpdir(), `etcd-chaos-${userInfo().uid}`);
}

/** The folder of one run in there; it goes with the run. */
export function runFolder(runId: string): string {
  return join(runsFolder(), runId);
}
