import { open, readFile, readlink } from "node:fs/promises";
import { hostname, release } from "node:os";
import type Docker from "dockerode";
import { HarnessError } from "../../errors.ts";
import { runCommand } from "../../process.ts";
import { withSystemPrograms } from "../../system-programs.ts";

/**
 * Runs a command in the network namespace of a container, and with the programs of this machine:
 * the image needs none. @returns what it printed; undefined where the container does not run,
 * and so has no namespace
 * @throws HarnessError `fault` where the namespace cannot be entered, or the command fails
 */
export async function runInNetwork(container: Docker.Container, command: readonly string[], input?: string): Promise<string | undefined> {
  const { Id, State } = await container.inspect();
  if (!State.Running) return undefined;
  await using namespace = await openNamespace(Id, State.Pid);
  if (namespace === undefined) return undefined;
  const args = [`--net=${namespace.path}`, ...command];
  const { exitCode, stdout, stderr } = await runCommand("nsenter", args, { env: withSystemPrograms(), timeoutMs: 10_000, ...(input === undefined ? {} : { input }) });
  if (exitCode !== 0) throw new HarnessError("fault", `${command.join(" ")} failed in the container's network namespace: ${stderr.trim()}`);
  return stdout;
}

/**
 * The namespace as an open file, looked at after it was opened: a pid may be another process's
 * by then, and a rule must never come to be in the network of the machine.
 */
async function openNamespace(containerId: string, pid: number): Promise<({ readonly path: string } & AsyncDisposable) | undefined> {
  const file = await open(`/proc/${pid}/ns/net`).catch(() => undefined);
  try {
    const groups = await readFile(`/proc/${pid}/cgroup`, "utf8").catch(() => undefined);
    // Gone between the question to the engine and ours.
    if (file === undefined || groups === undefined) return undefined;
    const path = `/proc/${process.pid}/fd/${file.fd}`;
    if (!groups.includes(containerId)) throw new HarnessError("fault", `process ${pid} of this machine is not the container's: the engine runs on another machine, or in a container`);
    if ((await readlink(path)) === (await readlink("/proc/self/ns/net"))) throw new HarnessError("fault", "the container shares the network of this machine, whose packets are left alone");
    return { path, [Symbol.asyncDispose]: () => file.close() };
  } catch (error) {
    await file?.close();
    throw error;
  }
}

/** Why packets of containers cannot be filtered from here; undefined where they can. */
export async function whyNoPacketFilters(docker: Docker | undefined): Promise<string | undefined> {
  if (process.getuid?.() !== 0) return "filtering a container's packets needs root, to enter its network namespace";
  for (const [program, name] of [["nsenter", "util-linux"], ["iptables-restore", "iptables"], ["iptables-save", "iptables"]] as const) {
    const runs = await runCommand(program, ["--version"], { env: withSystemPrograms() }).then(({ exitCode }) => exitCode === 0, () => false);
    if (!runs) return `filtering a container's packets needs ${program}: install the package ${name}`;
  }
  if (docker === undefined) return undefined;
  const { Name, KernelVersion }: { Name: string; KernelVersion: string } = await docker.info();
  if (Name === hostname() && KernelVersion === release()) return undefined;
  return `filtering a container's packets needs its process on this machine, and the engine's is ${Name} (kernel ${KernelVersion}) where this is ${hostname()} (kernel ${release()})`;
}
