import { lstat, mkdir, rename, symlink } from "node:fs/promises";
import { join, relative } from "node:path";
import { fileURLToPath } from "node:url";

/** The repository. */
export const root = fileURLToPath(new URL("../..", import.meta.url));

export const scenariosFolder = join(root, "scenarios");
export const reportsFolder = join(root, "reports");
export const docsFolder = join(root, "docs");

/** A path as it is shortest for somebody who stands in the working folder. */
export function shown(path: string): string {
  const near = relative(process.cwd(), path);
  return near === "" || near.startsWith("..") ? path : near;
}

/** Unique and sortable: `20261124t025500123z-42`. Goes into names of containers, so lower case and short. */
export function runIdOf(startedWallMs: number, seed: number): string {
  const utc = new Date(startedWallMs).toISOString().replace(/[-:.]/g, "").toLowerCase();
  return `${utc}-${seed}`;
}

/** Points `<scenario folder>/latest` at the run. A `latest` that somebody made by hand is left alone. */
export async function linkLatest(runFolder: string): Promise<void> {
  const parent = join(runFolder, "..");
  const link = join(parent, "latest");
  const present = await lstat(link).catch(() => undefined);
  if (present !== undefined && !present.isSymbolicLink()) return;
  await mkdir(parent, { recursive: true });
  const fresh = `${link}.${process.pid}`;
  await symlink(relative(parent, runFolder), fresh);
  await rename(fresh, link);
}
