import { readFileSync } from "node:fs";

/**
 * The text of a file of the kernel's, empty where there is none. Read at once, since it takes microseconds and no disk: on a
 * busy machine readings that wait for other threads would be of different moments.
 */
export function readNow(path: string): string {
  try {
    return readFileSync(path, "utf8");
  } catch {
    return "";
  }
}
