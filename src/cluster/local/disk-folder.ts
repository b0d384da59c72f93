import { mkdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { noRules, type DiskFolder } from "../disk/disk-control.ts";

/** A member's disk folder on this machine, empty of rules. */
export async function localDiskFolder(path: string): Promise<DiskFolder> {
  await mkdir(path, { recursive: true });
  const rules = join(path, "rules");
  await writeFile(rules, noRules);
  return {
    readCounts: () => readFile(join(path, "counts"), "utf8"),
    readRules: () => readFile(rules, "utf8"),
    writeRules: (text) => writeFile(rules, text),
  };
}
