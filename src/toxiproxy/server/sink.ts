import type { Socket } from "node:net";
import { type Chunk, ChunkQueue } from "./chunk-queue.ts";
import type { Counters } from "./metrics.ts";
import type { Ending, Receiver } from "./receiver.ts";
import { readBytes } from "./source.ts";

/** What the sink holds before the stages and the source behind it have to wait: one whole read must not stop the source. */
const bufferBytes = 2 * readBytes;

/**
 * The end of a link: writes the chunks to the destination socket, one at a time,
 * so that slices made by a toxic stay separate writes.
 */
export class Sink implements Receiver {
  onRoom: () => void = () => undefined;
  readonly #socket: Socket;
  readonly #counters: Counters;
  readonly #onOver: () => void;
  readonly #queue = new ChunkQueue();
  #writingBytes = 0;
  #ending: Ending | undefined;
  #over = false;

  /** `onOver` is called once: when the stream's end has been written, or the destination is gone. */
  constructor(socket: Socket, counters: Counters, onOver: () => void) {
    this.#socket = socket;
    this.#counters = counters;
    this.#onOver = onOver;
    socket.once("close", () => this.#finish());
  }

  get full(): boolean {
    return this.ended || this.#writingBytes + this.#queue.costBytes >= bufferBytes;
  }

  /** Whether nothing waits here: the kernel has all the bytes. */
  get idle(): boolean {
    return this.#queue.head === undefined && this.#socket.writableLength === 0;
  }

  /** Whether the stream has come to its end here, so that nothing can follow. */
  get ended(): boolean {
    return this.#over || this.#ending !== undefined;
  }

  /** Whether the end has been written, or never can be. */
  get over(): boolean {
    return this.#over;
  }

  push(chunk: Chunk): void {
    if (this.ended) return;
    if (this.#writingBytes > 0) this.#queue.push(chunk);
    else this.#write(chunk.data);
  }

  end(ending: Ending): void {
    if (this.ended) return;
    this.#ending = ending;
    if (this.#writingBytes === 0) this.#writeEnd(ending);
  }

  #write(data: Buffer): void {
    this.#writingBytes = data.length;
    this.#socket.write(data, this.#written);
  }

  /** Called when the kernel has taken the chunk, or the socket has failed. */
  readonly #written = (error?: Error | null): void => {
    if (this.#over || error) return;
    const wasFull = this.full;
    this.#counters.sentBytes += this.#writingBytes;
    this.#writingBytes = 0;
    const next = this.#queue.take();
    if (next) this.#write(next.data);
    else if (this.#ending) this.#writeEnd(this.#ending);
    if (wasFull && !this.full) this.onRoom();
  };

  #writeEnd(ending: Ending): void {
    if (ending === "fin") this.#socket.end();
    else this.#socket.destroySoon();
    this.#finish();
  }

  #finish(): void {
    if (this.#over) return;
    this.#over = true;
    this.#queue.clear();
    this.#onOver();
  }
}
