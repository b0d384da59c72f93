import { readFile } from "node:fs/promises";
import { createInterface } from "node:readline";
import { PassThrough } from "node:stream";
import type Docker from "dockerode";
import type { MemberState } from "../member.ts";
import { GenericContainer, type StartedTestContainer, type WaitStrategy } from "testcontainers";

/** A container with something to do between its creation and its start: joining networks, attaching to its output. */
export class PreparedContainer extends GenericContainer {
  readonly #docker: Docker;
  readonly #prepare: (container: Docker.Container) => Promise<void>;
  #ends: (exit: string) => void = () => undefined;
  readonly #ended = new Promise<string>((resolve) => (this.#ends = resolve));

  constructor(image: string, docker: Docker, prepare: (container: Docker.Container) => Promise<void>) {
    super(image);
    this.#docker = docker;
    this.#prepare = prepare;
    // Removal goes by our own label and watchdog: the library's would need an image of its own.
    this.withAutoCleanup(false);
  }

  /** The network it is created in, and what it is called there. */
  withEndpoint(network: string, aliases: readonly string[]): this {
    this.withNetworkMode(network);
    this.createOpts.NetworkingConfig = { EndpointsConfig: { [network]: { Aliases: [...aliases] } } };
    return this;
  }

  /** Starts it. One that ends at once is not waited for, as the library would for its ports: how it ended comes back then. */
  async startOrEnd(): Promise<StartedTestContainer | string> {
    const starting = this.start();
    starting.catch(() => undefined);
    return Promise.race([starting, this.#ended]);
  }

  protected override async containerCreated(containerId: string): Promise<void> {
    const container = this.#docker.getContainer(containerId);
    container.wait({ condition: "next-exit" }).then(
      ({ StatusCode }: { StatusCode: number }) => this.#ends(`exit code ${StatusCode}`),
      () => undefined,
    );
    await this.#prepare(container);
  }
}

/** For a container whose readiness is nobody's business yet: it has been started, and has its address. */
export const startedIsEnough: WaitStrategy = {
  waitUntilReady: async () => undefined,
  withStartupTimeout: () => startedIsEnough,
  isStartupTimeoutSet: () => true,
  getStartupTimeout: () => 0,
};

/** How to make a container like this one, with its name, network, ports and labels. */
export function sameAgain({ Name, Config, HostConfig, NetworkSettings }: Docker.ContainerInspectInfo): Docker.ContainerCreateOptions {
  const { Hostname: _, ...config } = Config;
  // The address is left to the engine, which gives the same again.
  const EndpointsConfig = Object.fromEntries(Object.keys(NetworkSettings.Networks).map((network) => [network, {}]));
  return { ...config, name: Name.replace(/^\//, ""), HostConfig, NetworkingConfig: { EndpointsConfig } };
}

/**
 * Puts a container in the place of one that has ended and is like it but for `changes`; what the
 * old one held is lost but for what `move` takes over. Where that fails the old one is there as before.
 * @returns the new one's id
 */
export async function replaceContainer(docker: Docker, old: Docker.ContainerInspectInfo, changes: Partial<Docker.ContainerCreateOptions>, move: (created: Docker.Container) => Promise<void>): Promise<string> {
  const wanted = sameAgain(old);
  const container = docker.getContainer(old.Id);
  await container.rename({ name: `${wanted.name}-before` });
  let created: Docker.Container | undefined;
  try {
    created = await docker.createContainer({ ...wanted, ...changes });
    await move(created);
  } catch (error) {
    await created?.remove({ v: true, force: true });
    await container.rename({ name: wanted.name });
    throw error;
  }
  await container.remove({ v: true, force: true });
  return created.id;
}

const frameHeaderBytes = 8;

/** The last lines that a container has printed, both streams in their order. */
export async function outputOf(container: Docker.Container, lines = 20): Promise<string> {
  const framed = await container.logs({ stdout: true, stderr: true, tail: lines });
  const parts: string[] = [];
  // Docker's multiplexed stream: each frame has a header that ends with its length.
  for (let at = 0; at + frameHeaderBytes <= framed.length; ) {
    const begin = at + frameHeaderBytes;
    const end = begin + framed.readUInt32BE(begin - 4);
    parts.push(framed.toString("utf8", begin, end));
    at = end;
  }
  return parts.join("").trim();
}

/** Calls back with each whole line that a container prints from now on, and with the end of its output. */
export async function followOutput(docker: Docker, container: Docker.Container, onLine: (line: string) => void, onEnd: () => void): Promise<void> {
  const output = await container.attach({ stream: true, stdout: true, stderr: true });
  const lines = new PassThrough();
  docker.modem.demuxStream(output, lines, lines);
  output.once("end", () => {
    lines.end();
    onEnd();
  });
  createInterface({ input: lines, crlfDelay: Infinity }).on("line", onLine);
}

/** Its address in the one network that it is in; empty while it does not run. */
export function addressOf({ NetworkSettings }: Docker.ContainerInspectInfo): string {
  const [network] = Object.values(NetworkSettings.Networks);
  return network?.IPAddress ?? "";
}

/** The process of a running container as this machine numbers it; undefined where the engine runs elsewhere, as its processes then do. */
export async function hostPid(container: Docker.Container): Promise<number | undefined> {
  const { Id, State } = await container.inspect();
  const groups = await readFile(`/proc/${State.Pid}/cgroup`, "utf8").catch(() => "");
  return State.Running && groups.includes(Id) ? State.Pid : undefined;
}

/** What the engine says of a container, as a member's state. */
export function stateOf({ State }: Docker.ContainerInspectInfo): MemberState {
  if (State.Paused) return { kind: "paused" };
  if (State.Running) return { kind: "running" };
  return { kind: "down", exit: `exit code ${State.ExitCode}${State.OOMKilled ? ", killed for memory" : ""}` };
}
