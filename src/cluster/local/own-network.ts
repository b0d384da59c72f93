import { open, readlink, type FileHandle } from "node:fs/promises";
import { join } from "node:path";
import { startChild, type Child } from "../../child.ts";
import { waitFor, type Clock } from "../../clock.ts";
import { HarnessError, messageOf } from "../../errors.ts";
import { runFolder, runVariable } from "../../marks.ts";
import { errnoOf, runCommand, type Command, type RunCommand } from "../../process.ts";
import { Resources } from "../../resources.ts";
import { withSystemPrograms } from "../../system-programs.ts";
import { isRoot, refused } from "./namespace.ts";

const upLimitMs = 10_000;

/**
 * A network namespace of one run, with a loopback and nothing else. Members and proxies live in
 * it, so that rules for their packets touch nothing of the machine, and go with them: a namespace
 * ends with its last process, however that ends. Without root it is in a user namespace as well.
 */
export class OwnNetwork implements AsyncDisposable {
  readonly #runId: string;
  readonly #resources: Resources;
  readonly #entering: readonly string[];

  private constructor(runId: string, resources: Resources, entering: readonly string[]) {
    this.#runId = runId;
    this.#resources = resources;
    this.#entering = entering;
  }

  /** @throws HarnessError `environment` where it cannot be made */
  static async make(runId: string, clock: Clock): Promise<OwnNetwork> {
    await using resources = new Resources();
    const holder = resources.use(await hold(runId, clock));
    // Open files, not a pid that may be another process's some day.
    const network = await namespaceOf(holder, "net");
    if (network === undefined) throw new HarnessError("internal", "the run has no network of its own, and that of the machine is left alone");
    resources.defer(() => network.close());
    const user = await namespaceOf(holder, "user");
    if (user !== undefined) resources.defer(() => user.close());
    const path = ({ fd }: FileHandle): string => `/proc/${process.pid}/fd/${fd}`;
    return new OwnNetwork(runId, resources.move(), [...(user === undefined ? [] : [`--user=${path(user)}`, "--preserve-credentials"]), `--net=${path(network)}`]);
  }

  /** The command that runs another one in here, under one pid all the way. */
  within({ file, args }: Command): Command {
    return { file: "nsenter", args: [...this.#entering, "--", file, ...args] };
  }

  /** Runs a command of this machine in here to its end. @throws HarnessError `fault` where it fails */
  async run(command: readonly string[], input?: string): Promise<string> {
    const [program = "", ...rest] = command;
    const { file, args } = this.within({ file: program, args: rest });
    // The system's own lock is root's, and guards the network of the machine.
    const env = { ...withSystemPrograms(), [runVariable]: this.#runId, XTABLES_LOCKFILE: join(runFolder(this.#runId), "xtables.lock") };
    const { exitCode, stdout, stderr } = await runCommand(file, args, { env, timeoutMs: 10_000, ...(input === undefined ? {} : { input }) });
    if (exitCode !== 0) throw new HarnessError("fault", `${command.join(" ")} failed in the run's network namespace: ${stderr.trim()}`);
    return stdout;
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.#resources[Symbol.asyncDispose]();
  }
}

/** The command that runs a shell script in a new network namespace. */
function inNewNetwork(script: string): Command {
  return { file: "unshare", args: [isRoot() ? "-n" : "-Urn", "--", "/bin/sh", "-c", script] };
}

/** Makes the namespace, and a process that keeps it as long as we live. */
async function hold(runId: string, clock: Clock): Promise<Child> {
  const { file, args } = inNewNetwork("ip link set lo up && echo up && exec cat");
  const printed: string[] = [];
  const holder = await startChild(file, args, { env: { [runVariable]: runId }, baseEnv: withSystemPrograms(), onLine: (line) => void printed.push(line) });
  const up = await waitFor(clock, () => printed.includes("up") || (holder.exit() === undefined ? undefined : false), { limitMs: upLimitMs, everyMs: 5 });
  if (up) return holder;
  await holder[Symbol.asyncDispose]();
  throw new HarnessError("environment", `no network namespace could be made for the run: ${printed.join("\n") || (holder.exit() ?? "it did not come up")}`);
}

/** A namespace that the process does not share with us, as an open file. */
async function namespaceOf({ pid }: Child, kind: "net" | "user"): Promise<FileHandle | undefined> {
  const path = `/proc/${pid}/ns/${kind}`;
  return (await readlink(path)) === (await readlink(`/proc/self/ns/${kind}`)) ? undefined : open(path);
}

/** How the probe ends where a program is missing, which it then names. */
const missing = 90;

const probeLimitMs = 20_000;

const probe = `
  need() { command -v "$1" > /dev/null || { echo "$1: install the package $2"; exit ${missing}; }; }
  need ip iproute2; need iptables-restore iptables; need iptables-save iptables
  ip link set lo up && iptables-restore --noflush --wait 5 && iptables-save --counters --table filter`;

const probeRules = ["*filter", "-A INPUT -s 127.77.1.0/24 ! -d 127.77.255.2/32 -p tcp --sport 2380 -m statistic --mode random --probability 0.5 -m comment --comment probe -j DROP", "COMMIT", ""];

/** Why packets of local members cannot be filtered here; undefined where they can: it is tried, in a namespace that ends at once. */
export async function whyNoOwnNetwork(run: RunCommand = runCommand): Promise<string | undefined> {
  const needs = "filtering packets in the local runtime needs";
  const { file, args } = inNewNetwork(probe);
  const env = { ...withSystemPrograms(), XTABLES_LOCKFILE: "/dev/null" };
  try {
    const { exitCode, stdout, stderr } = await run(file, args, { env, input: probeRules.join("\n"), timeoutMs: probeLimitMs });
    if (exitCode === 0) return undefined;
    if (exitCode === missing) return `${needs} ${stdout.trim()}`;
    return stderr.startsWith("unshare:") ? `${needs} a network namespace, and ${refused("network", stderr)}` : `${needs} rules of iptables in a network namespace, which are refused here (${stderr.trim()})`;
  } catch (error) {
    return errnoOf(error) === "ENOENT" ? `${needs} unshare: install the package util-linux` : `${needs} what could not be tried: ${messageOf(error)}`;
  }
}
