import type { Socket } from "node:net";
import type { Counters, Direction } from "./metrics.ts";
import type { Receiver } from "./receiver.ts";
import { Sink } from "./sink.ts";
import type { Source } from "./source.ts";
import { Stage, type StageContext } from "./stage.ts";
import type { Toxic } from "./toxic-chain.ts";

export interface LinkOptions {
  readonly direction: Direction;
  readonly source: Source;
  readonly destination: Socket;
  readonly toxics: readonly Toxic[];
  readonly counters: Counters;
  readonly context: StageContext;
  /** The stream has ended at its destination, or the destination is gone. */
  onOver(): void;
}

/**
 * One direction of a connection:
 *
 *     source ─▶ stage of the first toxic ─▶ … ─▶ sink ─▶ destination
 *
 * Every receiver is bounded, and who has a full one in front of it waits, back to
 * the source, which is then not read: a slow reader stops a fast writer. Without
 * toxics the source's bytes go straight from the memory that they were read into.
 */
export class Link {
  readonly direction: Direction;
  readonly #source: Socket;
  readonly #sink: Sink;
  readonly #counters: Counters;
  readonly #context: StageContext;
  #stages: Stage[] = [];
  #first: Receiver;

  constructor({ direction, source, destination, toxics, counters, context, onOver }: LinkOptions) {
    this.direction = direction;
    this.#source = source.socket;
    this.#counters = counters;
    this.#context = context;
    this.#sink = new Sink(destination, counters, onOver);
    this.#first = this.#sink;
    this.#join();
    for (const toxic of toxics) this.add(toxic);
    this.#read(source);
  }

  /** Whether the stream has ended at its destination, or the destination is gone. */
  get over(): boolean {
    return this.#sink.over;
  }

  /** Puts a toxic behind all others. */
  add(toxic: Toxic): void {
    if (this.#sink.ended) return;
    const stage = new Stage(toxic, this.#sink, this.#context);
    this.#stages.push(stage);
    this.#join();
    stage.restart();
  }

  update(toxic: Toxic): void {
    this.#stages.find((stage) => stage.toxic === toxic)?.restart();
  }

  remove(toxic: Toxic): void {
    const stage = this.#stages.find((candidate) => candidate.toxic === toxic);
    if (!stage) return;
    stage.retire();
    this.#stages = this.#stages.filter((other) => other !== stage);
    this.#join();
  }

  /** Ends all toxics: the connection is gone. */
  stop(): void {
    for (const stage of this.#stages) stage.stop();
  }

  #read(source: Source): void {
    source.onData = (data) => {
      this.#counters.receivedBytes += data.length;
      const done = this.#pass(data);
      if (this.#first.full) this.#source.pause();
      return done;
    };
    this.#source.once("end", () => this.#first.end("fin"));
    // Without an end before it this is a broken connection, and nobody is left to read the other direction.
    this.#source.once("close", () => this.#first.end("close"));
    this.#source.resume();
  }

  /** Whether the bytes have left. What has to wait is a copy, so that a few bytes do not keep the memory of a large read. */
  #pass(data: Buffer): boolean {
    const atMs = this.#context.clock.nowMs();
    const straight = this.#first === this.#sink && this.#sink.idle;
    this.#first.push({ data: straight ? data : Buffer.from(data), atMs });
    return !straight || this.#sink.idle;
  }

  /** Connects the stages in their order; who waits for room looks again, for it may have another receiver now. */
  #join(): void {
    let next: Receiver = this.#sink;
    for (const stage of this.#stages.toReversed()) {
      stage.next = next;
      next.onRoom = () => stage.roomAhead();
      next = stage;
    }
    next.onRoom = () => this.#source.resume();
    this.#first = next;
    for (const stage of this.#stages) stage.roomAhead();
    if (!next.full) this.#source.resume();
  }
}
