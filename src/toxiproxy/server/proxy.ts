import { once } from "node:events";
import { createServer, type Server, type Socket } from "node:net";
import type { Clock } from "../../clock.ts";
import { type Address, formatAddress, listensOn, parseAddress, resolveHost } from "./address.ts";
import { refusals } from "./api-error.ts";
import { Connection } from "./connection.ts";
import type { Metrics } from "./metrics.ts";
import { Mutex } from "./mutex.ts";
import { socketOptions } from "./source.ts";
import { isSystemError } from "./system-error.ts";
import { ToxicChain } from "./toxic-chain.ts";

/** What every proxy of a server shares. */
export interface ProxyContext {
  readonly metrics: Metrics;
  readonly clock: Pick<Clock, "nowMs">;
  readonly random: () => number;
}

export interface ProxySettings {
  readonly listen: string;
  readonly upstream: string;
  readonly enabled: boolean;
}

/** Accepts clients on one address and connects each of them to the upstream, through the toxics. */
export class Proxy {
  readonly name: string;
  readonly toxics = new ToxicChain();
  readonly #context: ProxyContext;
  readonly #lock = new Mutex();
  readonly #connections = new Set<Connection>();
  #listen: string;
  #upstream: string;
  #server: Server | undefined;
  #removed = false;

  constructor(name: string, { listen, upstream }: { listen: string; upstream: string }, context: ProxyContext) {
    this.name = name;
    this.#listen = listen;
    this.#upstream = upstream;
    this.#context = context;
  }

  /** As asked for; once the proxy has listened, the IP address and port it listened on. */
  get listen(): string {
    return this.#listen;
  }

  get upstream(): string {
    return this.#upstream;
  }

  get enabled(): boolean {
    return this.#server !== undefined;
  }

  /** Does nothing when already enabled. Throws an ApiError when it cannot listen. */
  start(): Promise<void> {
    return this.#lock.run(() => this.#start());
  }

  /** Stops listening and closes all connections; starting again uses the same port. */
  stop(): Promise<void> {
    return this.#lock.run(() => this.#stop());
  }

  /** Stops for good. */
  remove(): Promise<void> {
    this.#removed = true;
    return this.stop();
  }

  /** A changed address closes all connections and listens anew. When that fails the proxy stays disabled. */
  update({ listen, upstream, enabled }: ProxySettings): Promise<void> {
    return this.#lock.run(async () => {
      if (await this.#differs(listen, upstream)) {
        await this.#stop();
        this.#listen = listen;
        this.#upstream = upstream;
      }
      await (enabled ? this.#start() : this.#stop());
    });
  }

  /** Whether these are other addresses than the proxy has. Throws an ApiError when `listen` is no address. */
  differs(listen: string, upstream: string): Promise<boolean> {
    return this.#lock.run(() => this.#differs(listen, upstream));
  }

  async #differs(listen: string, upstream: string): Promise<boolean> {
    return !(await listensOn(this.#listen, listen)) || upstream !== this.#upstream;
  }

  async #start(): Promise<void> {
    if (this.#removed) throw refusals.proxyNotFound();
    if (this.#server) return;
    const server = createServer({ ...socketOptions, pauseOnConnect: true }, (client) => this.#accept(client));
    this.#listen = await listenOn(server, this.#listen);
    // A failing accept (no descriptors left, say) is that client's loss, not the proxy's end.
    server.on("error", () => undefined);
    this.#server = server;
    for (const direction of ["upstream", "downstream"] as const)
      this.#context.metrics.counters({ direction, ...this.#labels() });
  }

  async #stop(): Promise<void> {
    const server = this.#server;
    if (!server) return;
    this.#server = undefined;
    const closed = once(server, "close");
    server.close();
    for (const connection of this.#connections) connection.destroy();
    await closed;
  }

  #accept(client: Socket): void {
    const connection: Connection | undefined = this.#connect(client, () => {
      if (connection) this.#connections.delete(connection);
    });
    if (connection) this.#connections.add(connection);
    else client.destroy();
  }

  /** Undefined when the upstream is no address: to the client that is the same as one that refuses. */
  #connect(client: Socket, onClosed: () => void): Connection | undefined {
    if (!this.#server) return undefined;
    let upstream: Address;
    try {
      upstream = parseAddress(this.#upstream);
    } catch {
      return undefined;
    }
    const { metrics, clock, random } = this.#context;
    return new Connection({
      client, upstream, labels: this.#labels(), toxics: this.toxics, metrics, clock, random, onClosed,
    });
  }

  #labels() {
    return { proxy: this.name, listener: this.#listen, upstream: this.#upstream };
  }
}

/** Resolves with the address that the server listens on. Throws an ApiError. */
async function listenOn(server: Server, listen: string): Promise<string> {
  const { host, port } = await resolveHost(parseAddress(listen));
  try {
    // Without a host Node listens on all interfaces, of IPv6 and IPv4 where there are both.
    server.listen(host === "" ? { port } : { host, port });
    await once(server, "listening");
  } catch (error) {
    throw refusals.listen(`${formatAddress({ host, port })}: bind: ${reasonOf(error)}`);
  }
  const address = server.address();
  if (address === null || typeof address === "string") throw refusals.listen(`${listen}: no TCP address`);
  return formatAddress({ host: address.address, port: address.port });
}

const reasons: Readonly<Record<string, string>> = {
  EADDRINUSE: "address already in use",
  EADDRNOTAVAIL: "cannot assign requested address",
  EACCES: "permission denied",
};

function reasonOf(error: unknown): string {
  if (!isSystemError(error)) return String(error);
  return reasons[error.code] ?? error.code;
}
