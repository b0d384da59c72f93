import { realpath } from "node:fs/promises";
import { basename, dirname } from "node:path";
import type { RunInfo } from "../recording/run-info.ts";

/**
 * The folder of reports that a run's folder lies in as `<scenario>/<run>`; undefined for one that was put elsewhere, which
 * has no part in any history. Links such as `latest` are followed.
 */
export async function reportsFolderOf(runFolder: string, { id, scenario }: Pick<RunInfo, "id" | "scenario">): Promise<string | undefined> {
  const folder = await realpath(runFolder);
  const parent = dirname(folder);
  return basename(folder) === id && basename(parent) === scenario ? dirname(parent) : undefined;
}
