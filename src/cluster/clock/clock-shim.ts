import { fileURLToPath } from "node:url";
import { buildsHere, ownProgram, pathOf, whyMissing, type BuildEnvironment, type OwnProgram, type ProgramSource } from "../own-program.ts";

export interface ClockEnvironment extends BuildEnvironment {
  /** As Node names it: `x64`. */
  readonly arch: string;
}

const here: ClockEnvironment = { ...buildsHere, arch: process.arch };
const program: ProgramSource = {
  name: "clock-shim",
  sources: ["clock-shim.c", "clock-code.h", "vdso.h", "threads.h"].map((name) => fileURLToPath(new URL(name, import.meta.url))),
  serves: "clock faults",
};

/** The program that changes another one's clock, once it was seen to work here, or why there is none. Never throws. */
export async function clockShim(environment: ClockEnvironment = here): Promise<OwnProgram> {
  const { platform, arch, run } = environment;
  if (platform === "linux" && arch !== "x64") return { missing: `clock faults need a processor of the kind x64, and this is ${arch}` };
  const shim = await ownProgram(program, environment);
  if ("missing" in shim) return shim;
  const tried = await run(shim.path, ["--try"], { timeoutMs: 20_000 }).then(({ exitCode, stderr }) => (exitCode === 0 ? undefined : stderr.trim()), String);
  return tried === undefined ? shim : { missing: `the clock of a process cannot be changed on this machine: ${tried}` };
}

/** The program's path, without another try. @throws HarnessError `environment` where it cannot be had */
export async function needClockShim(): Promise<string> {
  return pathOf(await ownProgram(program));
}

/** Why clock faults cannot be had on this machine; undefined where they can. */
export async function whyNoClockFaults(): Promise<string | undefined> {
  return whyMissing(await clockShim());
}
