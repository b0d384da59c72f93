import { mkdir, open, rename, rm } from "node:fs/promises";
import { basename, dirname, join } from "node:path";
import { randomUUID } from "node:crypto";

import { HarnessError } from "../errors.ts";
import { errnoOf } from "../process.ts";

/** Runs what writes into the cache; when this machine cannot take it, says so in the reader's terms. */
export async function writingTo<T>(folder: string, write: () => Promise<T>): Promise<T> {
  try {
    return await write();
  } catch (error) {
    throw writeTrouble(folder, errnoOf(error), error) ?? error;
  }
}

/** The error for a failed write; undefined when `errno` is not about room or permission. */
export function writeTrouble(folder: string, errno: string | undefined, cause: unknown): HarnessError | undefined {
  switch (errno) {
    case "ENOSPC":
    case "EDQUOT":
    case "EFBIG":
      return new HarnessError("environment", `there is no room left in ${folder} (${errno})`, {
        hint: "Free about 200 MB there, or choose another cache folder with XDG_CACHE_HOME",
        cause,
      });
    case "EACCES":
    case "EPERM":
    case "EROFS":
    case "ENOTDIR":
    case "EEXIST":
      return new HarnessError("environment", `${folder} cannot be written to (${errno})`, {
        hint: "Choose a cache folder of your own with XDG_CACHE_HOME",
        cause,
      });
    default:
      return undefined;
  }
}

/** Puts a file in place all at once: readers see the old text or the new, also after a power loss. */
export async function writeFileAtomically(path: string, text: string): Promise<void> {
  await mkdir(dirname(path), { recursive: true });
  const temporary = join(dirname(path), `.${basename(path)}.${randomUUID()}`);
  try {
    const file = await open(temporary, "wx");
    try {
      await file.writeFile(text);
      await file.sync();
    } finally {
      await file.close();
    }
    await rename(temporary, path);
  } catch (error) {
    await rm(temporary, { force: true });
    throw error;
  }
  await syncFolder(dirname(path));
}

/** Makes a file's content durable. */
export async function syncFile(path: string): Promise<void> {
  const file = await open(path, "r+");
  try {
    await file.sync();
  } finally {
    await file.close();
  }
}

/** Makes the names in a folder durable. */
export async function syncFolder(path: string): Promise<void> {
  const folder = await open(path, "r");
  try {
    await folder.sync();
  } finally {
    await folder.close();
  }
}
