import type { Clock } from "../../clock.ts";
import { type Chunk, ChunkQueue } from "./chunk-queue.ts";
import { Flow, interrupted } from "./flow.ts";
import type { Ending, Receiver } from "./receiver.ts";
import type { Toxic } from "./toxic-chain.ts";
import { noop } from "./toxics/noop.ts";
import type { ToxicEffect } from "./toxics/toxic.ts";

const defaultBufferBytes = 64 * 1024;

/** What the stages of a connection share. */
export interface StageContext {
  readonly clock: Pick<Clock, "nowMs">;
  /** In [0, 1). */
  readonly random: () => number;
  /** Resets both sockets of the connection. */
  reset(): void;
}

/**
 * One toxic's place in one direction of one connection: a bounded queue of chunks
 * in front of it, and the receiver behind it.
 */
export class Stage implements Receiver {
  readonly toxic: Toxic;
  readonly context: StageContext;
  next: Receiver;
  onRoom: () => void = () => undefined;
  forwardedBytes = 0;
  readonly #effect: ToxicEffect;
  readonly #spared: ToxicEffect = noop.attach();
  readonly #bufferBytes: number;
  readonly #queue = new ChunkQueue();
  /** Drawn once, so that a higher toxicity strikes the connections it struck before and some more. */
  readonly #draw: number;
  #struck = false;
  #flow: Flow | undefined;
  #ending: Ending | undefined;
  #finished = false;

  constructor(toxic: Toxic, next: Receiver, context: StageContext) {
    this.toxic = toxic;
    this.next = next;
    this.context = context;
    this.#effect = toxic.type.attach();
    this.#bufferBytes = toxic.type.bufferBytes ?? defaultBufferBytes;
    this.#draw = context.random();
  }

  get full(): boolean {
    return this.#ending !== undefined || this.#finished || this.#queue.costBytes >= this.#bufferBytes;
  }

  push(chunk: Chunk): void {
    if (this.#ending || this.#finished) return;
    this.#queue.push(chunk);
    this.#flow?.wake("input");
  }

  end(ending: Ending): void {
    this.#ending ??= ending;
    this.#flow?.wake("input");
  }

  /** The receiver behind has room again, or is another one. */
  roomAhead(): void {
    this.#flow?.wake("room");
  }

  /** Runs the toxic as it is now, in place of the run before. */
  restart(): void {
    if (this.#finished) return;
    const struck = this.#draw < this.toxic.toxicity;
    const flow = this.#takeOver();
    if (this.#struck && !struck) this.#effect.leave?.(flow);
    this.#struck = struck;
    if (this.#finished) return;
    const effect = struck ? this.#effect : this.#spared;
    effect.pipe(flow, this.toxic.attributes).catch((error: unknown) => {
      // Anything else is a defect of the toxic: the process must not go on as if it worked.
      if (error !== interrupted) throw error;
    });
  }

  /** Takes the toxic away: what still waits here goes on at once. */
  retire(): void {
    const flow = this.#takeOver();
    if (this.#struck && !this.#finished) this.#effect.leave?.(flow);
    flow.interrupt();
    if (this.#finished) return;
    this.#finished = true;
    for (let chunk = this.#queue.take(); chunk; chunk = this.#queue.take()) this.next.push(chunk);
    if (this.#ending) this.next.end(this.#ending);
  }

  /** Ends the run and forgets the data: the connection is gone. */
  stop(): void {
    this.#finished = true;
    this.#flow?.interrupt();
    this.#queue.clear();
  }

  get head(): Chunk | "end" | undefined {
    return this.#queue.head ?? (this.#ending && "end");
  }

  forward(bytes: number | undefined, atMs: number | undefined): void {
    const chunk = this.#take(bytes);
    if (!chunk) return;
    this.forwardedBytes += chunk.data.length;
    this.next.push(atMs === undefined ? chunk : { data: chunk.data, atMs });
  }

  drop(): void {
    this.#take(undefined);
  }

  finish(): void {
    this.#finished = true;
    if (this.#ending) this.next.end(this.#ending);
  }

  close(): void {
    this.#finished = true;
    this.#queue.clear();
    this.next.end("close");
  }

  #takeOver(): Flow {
    this.#flow?.interrupt();
    this.#flow = new Flow(this);
    return this.#flow;
  }

  #take(bytes: number | undefined): Chunk | undefined {
    const wasFull = this.full;
    const chunk = this.#queue.take(bytes);
    if (wasFull && !this.full) this.onRoom();
    return chunk;
  }
}
