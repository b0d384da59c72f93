import { readFile } from "node:fs/promises";
import { fileURLToPath } from "node:url";
import { buildsHere, ownProgram, pathOf, whyMissing, type BuildEnvironment, type OwnProgram, type ProgramSource } from "../own-program.ts";
import type { DiskReach } from "./rule.ts";

/** What stands before etcd's own command; the folder is the disk folder as etcd finds it. */
export function shimCommand(path: string, folder: string, reach: DiskReach): readonly string[] {
  return [path, ...(reach === "writes" ? ["--writes"] : []), folder];
}

export interface ShimEnvironment extends BuildEnvironment {
  /** Where the kernel lists what a seccomp filter may answer. */
  readonly seccompActions: string;
}

const here: ShimEnvironment = { ...buildsHere, seccompActions: "/proc/sys/kernel/seccomp/actions_avail" };
const program: ProgramSource = {
  name: "disk-shim",
  sources: ["disk-shim.c", "disk-rules.h", "call-filter.h"].map((name) => fileURLToPath(new URL(name, import.meta.url))),
  serves: "disk faults",
};

/** The wrapper that is put before etcd so that its syncs can be tampered with, or why there is none. Never throws. */
export async function diskShim(environment: ShimEnvironment = here): Promise<OwnProgram> {
  const { platform, seccompActions } = environment;
  const actions = await readFile(seccompActions, "utf8").catch(() => "");
  if (platform === "linux" && !actions.split(/\s+/).includes("user_notif")) return { missing: "disk faults need a kernel with seccomp user notification: Linux 5.5 or later" };
  return ownProgram(program, environment);
}

/** The wrapper's path. @throws HarnessError `environment` where it cannot be had */
export async function needDiskShim(): Promise<string> {
  return pathOf(await diskShim());
}

/** Why disk faults cannot be had on this machine; undefined where they can. */
export async function whyNoDiskFaults(): Promise<string | undefined> {
  return whyMissing(await diskShim());
}
