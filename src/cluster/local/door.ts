import { spawn } from "node:child_process";
import { once } from "node:events";
import { createServer, type Server } from "node:net";
import { waitFor, type Clock } from "../../clock.ts";
import { nodeArguments } from "../../entry.ts";
import { HarnessError, messageOf } from "../../errors.ts";
import { runVariable } from "../../marks.ts";
import type { OwnNetwork } from "./own-network.ts";

const openLimitMs = 20_000;

/**
 * Lets harness and load reach addresses (host:port each) of a run's own network under the same
 * addresses of this machine. A socket belongs to the network in which it was made, whoever has
 * it: those that listen are made here and passed to a process in there, which dials from the
 * address `from`.
 * @throws HarnessError `environment` when it does not open
 */
export async function openDoor(network: OwnNetwork, addresses: readonly string[], from: string, runId: string, clock: Clock): Promise<AsyncDisposable> {
  const { file, args } = network.within({ file: process.execPath, args: nodeArguments("cluster/local/door-process.ts", from) });
  const child = spawn(file, args, { stdio: ["ignore", "ignore", "pipe", "ipc"], env: { ...process.env, [runVariable]: runId }, detached: true });
  const exited = once(child, "exit");
  exited.catch(() => undefined);
  const door: AsyncDisposable = {
    async [Symbol.asyncDispose]() {
      if (child.pid === undefined || child.exitCode !== null || child.signalCode !== null) return;
      child.kill("SIGKILL");
      await exited;
    },
  };
  let stderr = "";
  child.stderr?.setEncoding("utf8").on("data", (text: string) => void (stderr = (stderr + text).slice(-4_000)));
  let failure: unknown;
  child.on("error", (error) => void (failure = error));
  const said = new Set<unknown>();
  child.on("message", (message) => void said.add(message));
  const until = async (done: () => boolean): Promise<void> => {
    const end = await waitFor(clock, () => done() || (failure !== undefined || child.exitCode !== null || child.signalCode !== null ? false : undefined), { limitMs: openLimitMs, everyMs: 5 });
    if (!end) throw new HarnessError("environment", `the way into the run's network did not open: ${failure === undefined ? stderr.trim() : messageOf(failure)}`);
  };
  const listeners: Server[] = [];
  try {
    await until(() => said.has("ready"));
    for (const address of addresses) listeners.push(await listen(address));
    for (const [index, listener] of listeners.entries()) child.send(addresses[index] ?? "", listener);
    await until(() => addresses.every((address) => said.has(address)));
    return door;
  } catch (error) {
    await door[Symbol.asyncDispose]();
    throw error;
  } finally {
    for (const listener of listeners) listener.close();
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
