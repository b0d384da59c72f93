import { connect, Socket } from "node:net";
import type { Address } from "./address.ts";

/** Go's defaults, which Toxiproxy has: no Nagle, keep-alive probes after 15 s. */
export const socketOptions = {
  allowHalfOpen: true,
  noDelay: true,
  keepAlive: true,
  keepAliveInitialDelay: 15_000,
} as const;

/** The most that one read takes. Node alone takes 64 KiB; fewer and larger reads cost less. */
export const readBytes = 128 * 1024;

/** Left by connections that have closed: new memory is the dearest part of a new connection. */
const spare: Buffer[] = [];
const spareMost = 64;

/**
 * A socket that is read into the same memory over and over: new memory for every read,
 * as a stream of node has it, costs a proxy about as much as the rest of its work.
 */
export class Source {
  readonly socket: Socket;
  /** Takes what was read, and says whether it is done with the bytes: their memory is then read into again. */
  onData: (data: Buffer) => boolean = () => true;
  #memory: Buffer | undefined;

  private constructor(open: (source: Source) => Socket) {
    this.socket = open(this);
    this.socket.once("close", () => {
      if (this.#memory && spare.length < spareMost) spare.push(this.#memory);
    });
  }

  /** A connection to this address, which is being made. */
  static connect(address: Address): Source {
    return new Source((source) => connect({ ...address, ...socketOptions, onread: source.#onread() }));
  }

  /** The connection that a server with `pauseOnConnect` has accepted, still paused. */
  static accepted(socket: Socket): Source {
    return new Source((source) => {
      // A server has no option for it, so the connection moves on to a socket that is made with it.
      if ("_handle" in socket && socket._handle) {
        const options = { ...socketOptions, handle: socket._handle, pauseOnCreate: true, onread: source.#onread() };
        socket._handle = null;
        socket.destroy();
        return new Socket(options);
      }
      return socket.on("data", (data) => source.onData(data));
    });
  }

  #onread() {
    return {
      buffer: () => (this.#memory ??= spare.pop() ?? Buffer.allocUnsafeSlow(readBytes)),
      callback: (bytes: number, memory: Uint8Array) => {
        if (!this.onData(Buffer.from(memory.buffer, 0, bytes))) this.#memory = undefined;
        return true;
      },
    };
  }
}
