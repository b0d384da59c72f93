import { access, constants } from "node:fs/promises";
import { delimiter, join } from "node:path";

/** Where a program of this name is on the search path; undefined where it is not. */
export async function findOnPath(program: string, searchPath = process.env["PATH"] ?? ""): Promise<string | undefined> {
  for (const folder of searchPath.split(delimiter)) {
    if (folder !== "" && (await isExecutable(join(folder, program)))) return join(folder, program);
  }
  return undefined;
}

/** Whether there is a file that may be run. */
export async function isExecutable(path: string): Promise<boolean> {
  return access(path, constants.X_OK).then(() => true, () => false);
}
