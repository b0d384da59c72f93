import type { Socket } from "node:net";
import type { Counters, Direction } from "./metrics.ts";
import type { Receiver } from "./receiver.ts";
import { Sink } from "./sink.ts";
import { Stage, type StageContext } from "./stage.ts";
import type { Toxic } from "./toxic-chain.ts";

export interface LinkOptions {
  readonly direction: Direction;
  readonly source: Socket;
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
 * toxics the source writes straight into the sink, which is all that a pipe does.
 */
export class Link {
  readonly direction: Direction;
  readonly #source: Socket;
  readonly #sink: Sink;
  readonly #context: StageContext;
  #stages: Stage[] = [];
  #first: Receiver;

  constructor({ direction, source, destination, toxics, counters, context, onOver }: LinkOptions) {
    this.direction = direction;
    this.#source = source;
    this.#context = context;
    this.#sink = new Sink(destination, counters, onOver);
    this.#first = this.#sink;
    this.#join();
    for (const toxic of toxics) this.add(toxic);
    this.#read(counters);
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

  #read(counters: Counters): void {
    const { clock } = this.#context;
    this.#source.on("data", (data: Buffer) => {
      counters.receivedBytes += data.length;
      this.#first.push({ data, atMs: clock.nowMs() });
      if (this.#first.full) this.#source.pause();
    });
    this.#source.once("end", () => this.#first.end("fin"));
    // Without an end before it this is a broken connection, and nobody is left to read the other direction.
    this.#source.once("close", () => this.#first.end("close"));
    this.#source.resume();
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
