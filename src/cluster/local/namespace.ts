import { runCommand } from "../../process.ts";

/**
 * The command that runs another one with a hosts file of its own: in a mount namespace, and
 * in a user namespace as well where we are not root. `exec` all the way, so that the pid of
 * the command is the pid of the process it becomes.
 */
export function withHostsFile(hostsFile: string, command: readonly string[], asRoot = isRoot()): { file: string; args: string[] } {
  const bindAndExec = 'mount --bind "$1" /etc/hosts && shift && exec "$@"';
  return { file: "unshare", args: [asRoot ? "-m" : "-Urm", "--", "/bin/sh", "-c", bindAndExec, "sh", hostsFile, ...command] };
}

/** Why the local runtime cannot run here; undefined when it can. */
export async function whyNoNamespaces(): Promise<string | undefined> {
  if (process.platform !== "linux") return `the local runtime needs Linux, and this is ${process.platform}`;
  const { file, args } = withHostsFile("/etc/hosts", ["true"]);
  try {
    const { exitCode, stderr } = await runCommand(file, args, { timeoutMs: 5_000 });
    return exitCode === 0 ? undefined : refused("mount", stderr);
  } catch {
    return "the command unshare is missing: install the package util-linux";
  }
}

/** Why there is no such namespace here, by what `unshare` wrote, and what may help. */
export function refused(kind: "mount" | "network", stderr: string): string {
  if (isRoot()) return `root may not make a ${kind} namespace here (${stderr.trim()}): inside a container, run it with --privileged`;
  const setting = "sysctl kernel.unprivileged_userns_clone=1, or kernel.apparmor_restrict_unprivileged_userns=0 on Ubuntu";
  return `unprivileged user namespaces are not allowed here (${stderr.trim()}): ${setting}`;
}

export function isRoot(): boolean {
  return process.getuid?.() === 0;
}
