import { createHash } from "node:crypto";
import { constants } from "node:fs";
import { access, mkdir, mkdtemp, readFile, realpath, rename, rm, stat } from "node:fs/promises";
import { delimiter, join } from "node:path";
import { cacheFolder } from "../cache-folder.ts";
import { HarnessError, messageOf } from "../errors.ts";
import { syncFile } from "../etcd/local-write.ts";
import { runCommand, type RunCommand } from "../process.ts";

/** A program of ours in C, ready to be run, or why there is none. */
export type OwnProgram = { readonly path: string } | { readonly missing: string };

/** What one is made of. */
export interface ProgramSource {
  readonly name: string;
  /** Paths: first the one that is compiled, then those that it includes. */
  readonly sources: readonly string[];
  /** What it is needed for: `disk faults`. */
  readonly serves: string;
}

export interface BuildEnvironment {
  readonly env: NodeJS.ProcessEnv;
  readonly platform: string;
  readonly run: RunCommand;
}

export const buildsHere: BuildEnvironment = { env: process.env, platform: process.platform, run: runCommand };

// Without libraries, since they run in containers that hold etcd alone.
const flags = ["-O2", "-s", "-static"];

/** Builds the program, or takes the one that this compiler has built of this source before. Never throws. */
export async function ownProgram(program: ProgramSource, environment: BuildEnvironment = buildsHere): Promise<OwnProgram> {
  const { name, serves } = program;
  const { env, platform } = environment;
  if (platform !== "linux") return { missing: `${serves} need Linux, and this is ${platform}` };
  const compiler = await findCompiler(env.PATH ?? "");
  if (compiler === undefined) return { missing: `${serves} need a C compiler: install gcc and libc6-dev` };
  try {
    const folder = join(cacheFolder(env), name, await keyOf(compiler, program));
    const path = join(folder, name);
    if (!(await canRun(path))) await build(program, compiler, folder, environment);
    return { path };
  } catch (error) {
    return { missing: `the program for ${serves} cannot be built: ${messageOf(error)}` };
  }
}

/** The program's path. @throws HarnessError `environment` where it cannot be had */
export function pathOf(program: OwnProgram): string {
  if ("path" in program) return program.path;
  throw new HarnessError("environment", program.missing);
}

/** Why it cannot be had; undefined where it can. */
export function whyMissing(program: OwnProgram): string | undefined {
  return "path" in program ? undefined : program.missing;
}

async function findCompiler(searchPath: string): Promise<string | undefined> {
  for (const name of ["cc", "gcc", "clang"]) {
    for (const folder of searchPath.split(delimiter)) {
      const path = join(folder, name);
      if (await canRun(path)) return path;
    }
  }
  return undefined;
}

function canRun(path: string): Promise<boolean> {
  return access(path, constants.X_OK).then(() => true, () => false);
}

/** Of the source, and of the compiler by what tells builds of it apart without running it. */
async function keyOf(compiler: string, { sources }: ProgramSource): Promise<string> {
  const program = await realpath(compiler);
  const { size, mtimeMs } = await stat(program);
  const hash = createHash("sha256").update([program, size, mtimeMs, ...flags].join("\0"));
  for (const source of sources) hash.update(await readFile(source));
  return hash.digest("hex").slice(0, 16);
}

/** Renamed into place when it is whole: two who build it at once make the same. */
async function build({ name, sources }: ProgramSource, compiler: string, folder: string, { env, run }: BuildEnvironment): Promise<void> {
  await mkdir(folder, { recursive: true });
  const scratch = await mkdtemp(join(folder, "build-"));
  try {
    const built = join(scratch, name);
    const [main = ""] = sources;
    const { exitCode, stderr } = await run(compiler, [...flags, "-o", built, main], { env });
    if (exitCode !== 0) throw new HarnessError("environment", `${compiler}: ${stderr.trim().split("\n").at(0) ?? ""}; gcc and libc6-dev are enough on Debian`);
    await syncFile(built);
    await rename(built, join(folder, name));
  } finally {
    await rm(scratch, { recursive: true, force: true });
  }
}
