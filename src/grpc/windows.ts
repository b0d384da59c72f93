import { ConnectionError, max31Bits } from "./frame.ts";

/** How much we may still send, on a stream or on the whole connection. */
export class SendWindow {
  /** Below zero where the other side has made it smaller after we had sent. */
  #bytes: number;

  constructor(bytes: number) {
    this.#bytes = bytes;
  }

  get bytes(): number {
    return this.#bytes;
  }

  take(bytes: number): void {
    this.#bytes -= bytes;
  }

  /** @throws ConnectionError where it becomes larger than a window may be */
  add(bytes: number): void {
    this.#bytes += bytes;
    if (this.#bytes > max31Bits) throw new ConnectionError("flowControl", "a window grows beyond its largest size");
  }
}

/**
 * Lets the other side go on sending: what has come is used at once, and when it is half of the window the other side is told
 * so. Since it may then send that again, it never sends more than it may.
 */
export class ReceiveWindow {
  readonly #size: number;
  #used = 0;

  constructor(size: number) {
    this.#size = size;
  }

  /**
   * Counts bytes that have come.
   * @returns by how much the other side's window is to grow now; 0: not yet
   */
  take(bytes: number): number {
    this.#used += bytes;
    if (this.#used * 2 < this.#size) return 0;
    const grown = this.#used;
    this.#used = 0;
    return grown;
  }
}
