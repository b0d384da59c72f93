import { spawn, type ChildProcess } from "node:child_process";
import { once } from "node:events";
import { createServer, type Server } from "node:net";
import { waitFor, type Clock } from "../../clock.ts";
import { nodeArguments } from "../../entry.ts";
import { HarnessError, messageOf } from "../../errors.ts";
import { runVariable } from "../../marks.ts";
import type { OwnNetwork } from "./own-network.ts";

const openLimitMs = 30_000;
const stderrMaxCharacters = 4_000;

/**
 * Lets harness and load reach addresses (host:port each) of a run's own network under the same
 * addresses of this machine. A socket belongs to the network in which it was made, whoever has
 * it: those that listen are made here and passed to a process in there, which dials from the
 * address `from`. The harness itself stays outside: in there its ports could not be reached, without
 * root its user would be another, and somebody would have to pass its signals and its terminal on.
 * @throws HarnessError `environment` when it does not open
 */
export async function openDoor(network: Pick<OwnNetwork, "within">, addresses: readonly string[], from: string, runId: string, clock: Clock): Promise<AsyncDisposable> {
  const door = new DoorProcess(network, from, runId, clock);
  const listeners: Server[] = [];
  try {
    await door.says("ready");
    for (const address of addresses) listeners.push(await listen(address));
    for (const [index, listener] of listeners.entries()) door.take(addresses[index] ?? "", listener);
    await door.says(...addresses);
    return door;
  } catch (error) {
    await door[Symbol.asyncDispose]();
    throw error;
  } finally {
    for (const listener of listeners) listener.close();
  }
}

/** The process inside, as it is seen from here. */
class DoorProcess implements AsyncDisposable {
  readonly #child: ChildProcess;
  readonly #clock: Clock;
  readonly #said = new Set<unknown>();
  #stderr = "";
  #end: string | undefined;

  constructor(network: Pick<OwnNetwork, "within">, from: string, runId: string, clock: Clock) {
    const { file, args } = network.within({ file: process.execPath, args: nodeArguments("cluster/local/door-process.ts", from) });
    // A process group of its own: a Ctrl-C at the terminal reaches the harness alone.
    this.#child = spawn(file, args, { stdio: ["ignore", "ignore", "pipe", "ipc"], env: { ...process.env, [runVariable]: runId }, detached: true });
    this.#clock = clock;
    this.#child.on("message", (message) => void this.#said.add(message));
    this.#child.on("error", (error) => void (this.#end ??= messageOf(error)));
    this.#child.on("close", (code, signal) => void (this.#end ??= signal ?? `exit code ${code}`));
    this.#child.stderr?.setEncoding("utf8").on("data", (text: string) => void (this.#stderr = (this.#stderr + text).slice(-stderrMaxCharacters)));
  }

  /** Waits until it has said all these words. */
  async says(...words: readonly string[]): Promise<void> {
    const said = (): boolean | undefined => words.every((word) => this.#said.has(word)) || (this.#end === undefined ? undefined : false);
    if (await waitFor(this.#clock, said, { limitMs: openLimitMs, everyMs: 5 })) return;
    throw new HarnessError("environment", `the way into the run's network did not open (${this.#end ?? `not within ${openLimitMs / 1000} s`}): ${this.#stderr.trim()}`);
  }

  take(address: string, listener: Server): void {
    this.#child.send(address, listener);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    if (this.#end !== undefined) return;
    const ended = once(this.#child, "close");
    this.#child.kill("SIGKILL");
    await ended;
  }
}

/** Who comes before it is passed on comes too early, and tries again. */
async function listen(address: string): Promise<Server> {
  const [host, port] = address.split(":");
  const server = createServer((socket) => socket.destroy());
  server.listen({ host, port: Number(port) });
  await once(server, "listening").catch((cause: unknown) => {
    throw new HarnessError("environment", `${address} cannot be listened on: ${messageOf(cause)}`, { cause });
  });
  return server;
}
