import { connect, type Socket } from "node:net";
import type { Clock } from "../clock.ts";
import { errnoOf } from "../process.ts";
import type { Waiting } from "./probe.ts";

/** What to send over a connection of its own. Each answer to a plain request for etcd's version is small. */
export interface Order {
  /** Rides in a header of the first request, so that so much more goes upstream. */
  readonly padBytes?: number;
  /** Rides in the query of the first request, for a path that Go answers with a redirection to the same, in a header and as a page: so much more goes up, and twice as much comes down. */
  readonly echoBytes?: number;
  /** So many requests without waiting for answers, so that many come; one when absent. */
  readonly requests?: number;
}

/** What came of it. */
export interface Exchange {
  /** `closed` and `reset` are ends before the last answer had come; `silent` is that nothing ended it within the limit. */
  readonly ending: "answered" | "closed" | "reset" | "refused" | "silent";
  /** From dialling to the last answer, or to the other ending. */
  readonly tookMs: number;
  readonly receivedBytes: number;
  /** Where answered: from hanging up until the other side had too. */
  readonly closingMs: number;
}

/** Go takes a megabyte of headers, so that this much in one is no trouble. */
export const headerMaxBytes = 800_000;

/**
 * Sends the requests to host:port and hangs up after the last answer. Both the peer and the
 * client port of etcd answer `/version`. Written on bare sockets, since how a connection ends
 * is what matters here. Throws the signal's reason when aborted.
 */
export function exchange(address: string, order: Order, clock: Clock, { limitMs, signal }: Waiting): Promise<Exchange> {
  signal?.throwIfAborted();
  return new Promise((resolve, reject) => {
    const startMs = clock.nowMs();
    const answers = new AnswerCounter();
    const requests = order.requests ?? 1;
    let answeredMs: number | undefined;
    const socket = dial(address);
    const stopped = new AbortController();
    const finish = (ending: Exchange["ending"]): void => {
      const nowMs = clock.nowMs();
      stopped.abort();
      socket.destroy();
      if (answeredMs === undefined) resolve({ ending, tookMs: nowMs - startMs, receivedBytes: answers.bytes, closingMs: 0 });
      else resolve({ ending: "answered", tookMs: answeredMs - startMs, receivedBytes: answers.bytes, closingMs: nowMs - answeredMs });
    };
    const interrupted = (): void => {
      if (stopped.signal.aborted) return;
      socket.destroy();
      reject(signal?.reason);
    };
    clock.sleep(limitMs, signal === undefined ? stopped.signal : AbortSignal.any([stopped.signal, signal])).then(() => finish("silent"), interrupted);
    socket.on("error", (error) => finish(endingOf(errnoOf(error))));
    socket.on("end", () => finish("closed"));
    socket.on("close", () => finish("closed"));
    socket.on("data", (data: Buffer) => {
      answers.add(data);
      if (answers.count < requests || answeredMs !== undefined) return;
      answeredMs = clock.nowMs();
      socket.end();
    });
    socket.write(textOf(order));
  });
}

function dial(address: string): Socket {
  const { hostname, port } = new URL(`http://${address}`);
  return connect({ host: hostname, port: Number(port), allowHalfOpen: true, noDelay: true });
}

function endingOf(errno: string | undefined): Exchange["ending"] {
  if (errno === "ECONNREFUSED") return "refused";
  return errno === "ECONNRESET" || errno === "EPIPE" ? "reset" : "closed";
}

function textOf({ padBytes = 0, echoBytes = 0, requests = 1 }: Order): string {
  const fill = (bytes: number): string => "x".repeat(bytes);
  const first = echoBytes > 0 ? `GET //version?${fill(echoBytes)}` : "GET /version";
  const next = "GET /version HTTP/1.1\r\nHost: x\r\n\r\n";
  return `${first} HTTP/1.1\r\nHost: x\r\nX-Padding: ${fill(padBytes)}\r\n\r\n${next.repeat(requests - 1)}`;
}

/** Counts whole HTTP answers in a stream of bytes. */
class AnswerCounter {
  bytes = 0;
  count = 0;
  #rest = "";

  add(data: Buffer): void {
    this.bytes += data.length;
    this.#rest += data.toString("latin1");
    for (let length = lengthOf(this.#rest); length !== undefined; length = lengthOf(this.#rest)) {
      this.count++;
      this.#rest = this.#rest.slice(length);
    }
  }
}

/** Of the first answer; undefined when it is not whole. */
function lengthOf(text: string): number | undefined {
  const headEnd = text.indexOf("\r\n\r\n");
  if (headEnd < 0) return undefined;
  const head = text.slice(0, headEnd);
  if (/^transfer-encoding: chunked/im.test(head)) {
    const lastChunk = text.indexOf("\r\n0\r\n\r\n", headEnd + 2);
    return lastChunk < 0 ? undefined : lastChunk + 7;
  }
  const length = headEnd + 4 + Number(/^content-length: (\d+)/im.exec(head)?.[1] ?? 0);
  return text.length < length ? undefined : length;
}
