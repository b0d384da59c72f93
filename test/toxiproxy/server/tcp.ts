import { EventEmitter, once } from "node:events";
import { connect, createServer, type Socket } from "node:net";

/** One end of a TCP connection under test: keeps what it received and how it ended. */
export class Peer {
  readonly socket: Socket;
  readonly chunks: Buffer[] = [];
  ended = false;
  closed = false;
  errorCode: string | undefined;
  #changed: (() => void)[] = [];

  constructor(socket: Socket) {
    this.socket = socket;
    const changed = () => {
      for (const wake of this.#changed.splice(0)) wake();
    };
    socket.on("data", (data) => { this.chunks.push(data); changed(); });
    socket.on("end", () => { this.ended = true; changed(); });
    socket.on("close", () => { this.closed = true; changed(); });
    socket.on("error", (error) => { this.errorCode = "code" in error ? String(error.code) : error.message; });
  }

  get received(): Buffer {
    return Buffer.concat(this.chunks);
  }

  get receivedBytes(): number {
    return this.chunks.reduce((sum, chunk) => sum + chunk.length, 0);
  }

  async until(condition: () => boolean): Promise<void> {
    while (!condition()) await new Promise<void>((resolve) => this.#changed.push(resolve));
  }

  /** The first `bytes` bytes received, when they have arrived. */
  async read(bytes: number): Promise<Buffer> {
    await this.until(() => this.receivedBytes >= bytes || this.closed);
    return this.received.subarray(0, bytes);
  }

  /** Until the other side has finished writing or the connection is gone. */
  async over(): Promise<void> {
    await this.until(() => this.ended || this.closed);
  }

  write(data: string | Buffer): void {
    this.socket.write(data);
  }
}

export interface TcpServer extends AsyncDisposable {
  readonly port: number;
  readonly address: string;
  /** The connections accepted so far. */
  readonly peers: readonly Peer[];
  /** The next connection that is accepted from now on, or the first that was not asked for yet. */
  next(): Promise<Peer>;
}

/** A server on loopback; `greet` is called with each connection before anything is read from it. */
export async function listenTcp(greet: (peer: Peer) => void = () => undefined, port = 0): Promise<TcpServer> {
  const peers: Peer[] = [];
  let taken = 0;
  const accepted = new EventEmitter().setMaxListeners(0);
  const server = createServer({ allowHalfOpen: true, noDelay: true });
  server.on("connection", (socket) => {
    const peer = new Peer(socket);
    peers.push(peer);
    greet(peer);
    accepted.emit("peer");
  });
  server.listen(port, "127.0.0.1");
  await once(server, "listening");
  const address = server.address();
  if (address === null || typeof address === "string") throw new Error("a TCP server has an address");
  return {
    port: address.port,
    address: `127.0.0.1:${address.port}`,
    peers,
    async next() {
      for (;;) {
        const peer = peers[taken];
        if (peer) {
          taken += 1;
          return peer;
        }
        await once(accepted, "peer");
      }
    },
    async [Symbol.asyncDispose]() {
      const closed = once(server, "close");
      server.close();
      for (const { socket } of peers) socket.destroy();
      await closed;
    },
  };
}

/** A server that sends back what it gets, and its end. */
export function listenEcho(port = 0): Promise<TcpServer> {
  return listenTcp((peer) => {
    peer.socket.on("data", (data) => peer.socket.write(data));
    peer.socket.on("end", () => peer.socket.end());
  }, port);
}

/** Resolves when connected. Rejects with the socket's error, ECONNREFUSED for one. */
export async function dial(address: string): Promise<Peer & Disposable> {
  const split = address.lastIndexOf(":");
  const host = address.slice(0, split).replace(/^\[(.*)\]$/, "$1");
  const socket = connect({ host, port: Number(address.slice(split + 1)), allowHalfOpen: true, noDelay: true });
  await once(socket, "connect");
  return Object.assign(new Peer(socket), { [Symbol.dispose]: () => void socket.destroy() });
}
