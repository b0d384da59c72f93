import type { Clock } from "../clock.ts";
import { Connection, notSent } from "./connection.ts";
import { literals } from "./hpack.ts";
import { prefixed } from "./message-reader.ts";
import { OneAnswer, type Method } from "./method.ts";
import { GrpcError } from "./status.ts";
import type { Address } from "./wire.ts";

/** What began to connect while a link was cut would else wait for TCP to try again, which it does after seconds. */
const attemptLimitMs = 1_000;

/**
 * One client's way to one server: a connection, and where that is lost or does not answer in time a new one for the
 * next call. There is no backoff, so that a client is never cut off longer than its server; whoever calls again at once
 * after a failure has to rest himself. A call is never sent twice. One that gets no answer ends the others too, which
 * a client that has one at a time does not have.
 */
export class Channel {
  readonly #address: Address;
  readonly #clock: Clock;
  readonly #heads = new Map<string, Buffer>();
  #connection: Connection | undefined;
  #attempt: Promise<Connection | undefined> | undefined;

  constructor(address: Address, clock: Clock) {
    this.#address = address;
    this.#clock = clock;
  }

  /** Rejects with a GrpcError when it was not carried out or nobody knows, at the latest at `endMs` on the clock. */
  call<Request, Response>(method: Method<Request, Response>, request: Request, endMs: number): Promise<Response> {
    if (this.#connection?.usable === true) return this.#send(this.#connection, method, request, endMs);
    return this.#connected(endMs).then((connection) => this.#send(connection, method, request, endMs));
  }

  /** Hangs up; what is under way is cancelled. Nothing is to be called after that. */
  close(): void {
    this.#connection?.close();
  }

  #send<Request, Response>(connection: Connection, method: Method<Request, Response>, request: Request, endMs: number): Promise<Response> {
    // It may have gone away as soon as it was there.
    if (!connection.usable) return Promise.reject(notSent(new Error("Connection dropped")));
    const leftMs = Math.ceil(endMs - this.#clock.nowMs());
    if (leftMs <= 0) return Promise.reject(new GrpcError("DEADLINE_EXCEEDED", "no answer in time"));
    return new Promise((resolve, reject) => {
      const answer = new OneAnswer(method, resolve, reject);
      const call = connection.start({ head: [this.#headOf(method.path), timeoutField(leftMs)], data: prefixed(method.encode(request)) }, answer);
      answer.limit(leftMs, () => {
        call.cancel(new GrpcError("DEADLINE_EXCEEDED", "no answer in time"));
        // It may be dead without anybody having said so.
        connection.close();
      });
    });
  }

  async #connected(endMs: number): Promise<Connection> {
    for (;;) {
      const leftMs = endMs - this.#clock.nowMs();
      if (leftMs <= 0) throw new GrpcError("DEADLINE_EXCEEDED", "no connection in time");
      this.#attempt ??= this.#connect().finally(() => (this.#attempt = undefined));
      const connection = await within(leftMs, this.#attempt);
      if (connection !== undefined) return connection;
    }
  }

  /** Resolves with nothing where nothing came back for so long that it is better to begin anew. */
  #connect(): Promise<Connection | undefined> {
    return new Promise((resolve, reject) => {
      const connection = new Connection(this.#address, (error) => {
        clearTimeout(timer);
        if (error === undefined) resolve(connection);
        else reject(notSent(error));
      });
      this.#connection = connection;
      const timer = setTimeout(() => {
        resolve(undefined);
        connection.close();
      }, attemptLimitMs);
    });
  }

  /** The header block of every call of a method, but for the time that it has. */
  #headOf(path: string): Buffer {
    const { host, port } = this.#address;
    const known = this.#heads.get(path);
    if (known !== undefined) return known;
    const fields = { ":method": "POST", ":scheme": "http", ":path": path, ":authority": `${host}:${port}`, te: "trailers", "content-type": "application/grpc", "user-agent": "grpc-etcd-chaos" };
    const head = literals(Object.entries(fields).map(([name, value]) => ({ name, value })));
    this.#heads.set(path, head);
    return head;
  }
}

const timeoutName = "grpc-timeout";
const timeoutStart = String.fromCharCode(0, timeoutName.length) + timeoutName;

/** gRPC writes times in at most eight digits, and ours are far shorter than a day. */
function timeoutField(timeoutMs: number): Buffer {
  const value = `${timeoutMs}m`;
  return Buffer.from(timeoutStart + String.fromCharCode(value.length) + value, "latin1");
}

/** What a promise resolves with, or undefined when that takes longer. */
async function within<T>(limitMs: number, promise: Promise<T>): Promise<T | undefined> {
  let timer: NodeJS.Timeout | undefined;
  try {
    return await Promise.race([promise, new Promise<undefined>((resolve) => (timer = setTimeout(resolve, limitMs, undefined)))]);
  } finally {
    clearTimeout(timer);
  }
}
