import type { RunCommand } from "../process.ts";

/**
 * Why an etcd does not take flags such as `--snapshot-count=100`, as a sentence; undefined where it does. It reads its
 * whole command line before it says its version, so that nothing is started for it.
 * @throws HarnessError `environment` when it cannot be run
 */
export async function whyNoFlags({ path, version }: { readonly path: string; readonly version: string }, flags: readonly string[], run: RunCommand): Promise<string | undefined> {
  if (flags.length === 0) return undefined;
  const { exitCode, stdout, stderr } = await run(path, [...flags, "--version"]);
  if (exitCode === 0) return undefined;
  const [said = ""] = `${stderr}${stdout}`.trim().split("\n");
  const unknown = /^flag provided but not defined: -+(\S+)/.exec(said)?.[1];
  return unknown === undefined ? `etcd ${version} does not take its flags: ${said || `exit code ${exitCode}`}` : `etcd ${version} has no flag --${unknown}`;
}
