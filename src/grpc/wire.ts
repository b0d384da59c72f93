import { connect, type Socket } from "node:net";
import { ConnectionError, goawayOf, type ErrorCode, type Frame } from "./frame.ts";
import { FrameReader } from "./frame-reader.ts";

export interface Address {
  readonly host: string;
  readonly port: number;
}

/** Who listens at our end of the wire. */
export interface Listener {
  frame(frame: Frame): void;
  /** The other side sent what nobody may send; it is for the listener to hang up. */
  broken(error: ConnectionError): void;
  /** Nothing goes or comes any more, and nobody hung up. */
  lost(error: Error): void;
}

/** Whoever has us answer and does not read the answers is not to fill our memory. */
const unreadMaxBytes = 16 * 2 ** 20;

const replyWithinMs = 10;

/** One for all sockets, since what is read is used before anything else is. */
const readBuffer = Buffer.allocUnsafeSlow(64 * 1024);

/** A socket over which frames go and come. */
export class Wire {
  readonly #socket: Socket;
  readonly #listener: Listener;
  readonly #reader = new FrameReader();
  #out: Buffer[] = [];
  #flushing = false;
  #replying: NodeJS.Timeout | undefined;
  #gone = false;
  readonly #takeFrame = (frame: Frame): void => void (this.#gone || this.#listener.frame(frame));
  readonly #write = (): void => this.#writeOut();

  constructor(address: Address, listener: Listener) {
    this.#listener = listener;
    const onread = { buffer: readBuffer, callback: (bytes: number) => this.#read(readBuffer.subarray(0, bytes)) };
    this.#socket = connect({ ...address, noDelay: true, onread });
    this.#socket.on("error", (error) => this.#lose(error));
    this.#socket.on("end", () => this.#lose(new Error("Connection dropped")));
    this.#socket.on("close", () => this.#lose(new Error("Connection dropped")));
  }

  /** Sends once all is said that is said in this turn of the event loop: one packet, where it fits. */
  send(bytes: Buffer): void {
    this.#out.push(bytes);
    if (this.#flushing) return;
    this.#flushing = true;
    setImmediate(this.#write);
  }

  /**
   * Sends what answers a question of the other side, with whatever is sent next or a little later. etcd asks with each
   * request how far away we are, and an answer by itself would cost a second system call each time.
   */
  reply(bytes: Buffer): void {
    if (this.#out.push(bytes) === 1) this.#replying = setTimeout(this.#write, replyWithinMs);
  }

  /** Ends it, and says why if that can be sent at once. */
  hangUp(code: ErrorCode): void {
    this.send(goawayOf(code));
    this.#writeOut();
    this.#gone = true;
    if (this.#socket.writableLength === 0) this.#socket.destroySoon();
    else this.#socket.destroy();
  }

  #writeOut(): void {
    clearTimeout(this.#replying);
    this.#flushing = false;
    const out = this.#out;
    this.#out = [];
    if (out.length > 0 && !this.#gone) this.#socket.write(Buffer.concat(out));
  }

  #read(bytes: Buffer): boolean {
    try {
      if (this.#socket.writableLength > unreadMaxBytes) throw new ConnectionError("enhanceYourCalm", "it does not read what it asks for");
      if (!this.#gone) this.#reader.push(bytes, this.#takeFrame);
    } catch (error) {
      if (!(error instanceof ConnectionError)) throw error;
      this.#listener.broken(error);
    }
    return true;
  }

  #lose(error: Error): void {
    if (this.#gone) return;
    this.#gone = true;
    this.#socket.destroy();
    this.#listener.lost(error);
  }
}
