import { readdir, readFile, rmdir, stat } from "node:fs/promises";
import { join } from "node:path";
import { MonotonicClock } from "../clock.ts";
import { findEngine } from "../cluster/docker/engine.ts";
import { dockerRuns } from "../cluster/docker/remove.ts";
import { runFolder, runsFolder } from "../marks.ts";
import { markedProcesses } from "./processes.ts";
import { isOwned, removeRun, type Owner, type Removed } from "./remove-run.ts";
import { ownerFile } from "./watchdog.ts";

export interface Cleaned extends Removed {
  readonly runs: readonly string[];
  /** Runs whose harness still lives: left alone. */
  readonly alive: readonly string[];
}

/**
 * Removes what runs without a living harness have left on this machine: processes, containers,
 * networks, folders. Of the runs named, or of all where none is.
 */
export async function cleanRuns(only: readonly string[] = []): Promise<Cleaned> {
  const engine = await findEngine();
  const ids = new Set([
    ...(await readdir(runsFolder()).catch(() => [])),
    ...(await markedProcesses()).map(({ runId }) => runId),
    ...(engine.kind === "answers" ? await dockerRuns(engine.docker) : []),
  ]);
  const alive: string[] = [];
  const runs: string[] = [];
  const total = { processes: 0, containers: 0, networks: 0 };
  for (const id of [...ids].filter((id) => only.length === 0 || only.includes(id))) {
    if (await hasOwner(id)) {
      alive.push(id);
      continue;
    }
    const removed = await removeRun(id);
    for (const kind of ["processes", "containers", "networks"] as const) total[kind] += removed[kind];
    runs.push(id);
  }
  await rmdir(runsFolder()).catch(() => undefined);
  return { runs, alive, ...total };
}

async function hasOwner(runId: string): Promise<boolean> {
  try {
    return await isOwned(decodeOwner(await readFile(join(runFolder(runId), ownerFile), "utf8")));
  } catch {
    return justMade(runFolder(runId));
  }
}

const noteLimitMs = 5_000;

/** A run makes its folder a moment before it notes in it whose it is. */
async function justMade(folder: string): Promise<boolean> {
  const made = await stat(folder).catch(() => undefined);
  return made !== undefined && new MonotonicClock().wallMs() - made.mtimeMs < noteLimitMs;
}

function decodeOwner(text: string): Owner {
  const { pid, startTicks }: { pid?: unknown; startTicks?: unknown } = JSON.parse(text);
  if (typeof pid !== "number" || typeof startTicks !== "string") throw new Error("not an owner's note");
  return { pid, startTicks };
}
