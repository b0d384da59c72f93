import { createHash } from "node:crypto";
import { constants } from "node:fs";
import { access, mkdir, mkdtemp, readFile, realpath, rename, rm, stat } from "node:fs/promises";
import { delimiter, join } from "node:path";
import { fileURLToPath } from "node:url";
import { cacheFolder } from "../../cache-folder.ts";
import { HarnessError, messageOf } from "../../errors.ts";
import { syncFile } from "../../etcd/local-write.ts";
import { runCommand, type RunCommand } from "../../process.ts";
import type { DiskReach } from "./rule.ts";

/** The program that is put before etcd so that its syncs and writes can be tampered with, or why there is none. */
export type DiskShim = { readonly path: string } | { readonly missing: string };

/** What stands before etcd's own command; the folder is the disk folder as etcd finds it. */
export function shimCommand(path: string, folder: string, reach: DiskReach): readonly string[] {
  return [path, ...(reach === "writes" ? ["--writes"] : []), folder];
}

export interface ShimEnvironment {
  readonly env: NodeJS.ProcessEnv;
  readonly platform: string;
  readonly run: RunCommand;
  /** Where the kernel lists what a seccomp filter may answer. */
  readonly seccompActions: string;
}

const here: ShimEnvironment = { env: process.env, platform: process.platform, run: runCommand, seccompActions: "/proc/sys/kernel/seccomp/actions_avail" };
const sources = ["disk-shim.c", "disk-rules.h", "call-filter.h"].map((name) => fileURLToPath(new URL(name, import.meta.url)));
// Without libraries, since it runs in containers that hold etcd alone.
const flags = ["-O2", "-s", "-static"];

/** Builds the wrapper, or takes the one that this compiler has built of this source before. Never throws. */
export async function diskShim(environment: ShimEnvironment = here): Promise<DiskShim> {
  const { env, platform, seccompActions } = environment;
  if (platform !== "linux") return { missing: `disk faults need Linux, and this is ${platform}` };
  const actions = await readFile(seccompActions, "utf8").catch(() => "");
  if (!actions.split(/\s+/).includes("user_notif")) return { missing: "disk faults need a kernel with seccomp user notification: Linux 5.5 or later" };
  const compiler = await findCompiler(env.PATH ?? "");
  if (compiler === undefined) return { missing: "disk faults need a C compiler: install gcc and libc6-dev" };
  try {
    const folder = join(cacheFolder(env), "disk-shim", await keyOf(compiler));
    const path = join(folder, "disk-shim");
    if (!(await canRun(path))) await build(compiler, folder, path, environment);
    return { path };
  } catch (error) {
    return { missing: `the wrapper for disk faults cannot be built: ${messageOf(error)}` };
  }
}

/** The wrapper's path. @throws HarnessError `environment` where it cannot be had */
export async function needDiskShim(): Promise<string> {
  const shim = await diskShim();
  if ("path" in shim) return shim.path;
  throw new HarnessError("environment", shim.missing);
}

/** Why disk faults cannot be had on this machine; undefined where they can. */
export async function whyNoDiskFaults(): Promise<string | undefined> {
  const shim = await diskShim();
  return "path" in shim ? undefined : shim.missing;
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
async function keyOf(compiler: string): Promise<string> {
  const program = await realpath(compiler);
  const { size, mtimeMs } = await stat(program);
  const hash = createHash("sha256").update([program, size, mtimeMs, ...flags].join("\0"));
  for (const source of sources) hash.update(await readFile(source));
  return hash.digest("hex").slice(0, 16);
}

/** Renamed into place when it is whole: two who build it at once make the same. */
async function build(compiler: string, folder: string, path: string, { env, run }: ShimEnvironment): Promise<void> {
  await mkdir(folder, { recursive: true });
  const scratch = await mkdtemp(join(folder, "build-"));
  try {
    const built = join(scratch, "disk-shim");
    const [main = ""] = sources;
    const { exitCode, stderr } = await run(compiler, [...flags, "-o", built, main], { env });
    if (exitCode !== 0) throw new HarnessError("environment", `${compiler}: ${stderr.trim().split("\n").at(0) ?? ""}; gcc and libc6-dev are enough on Debian`);
    await syncFile(built);
    await rename(built, path);
  } finally {
    await rm(scratch, { recursive: true, force: true });
  }
}
