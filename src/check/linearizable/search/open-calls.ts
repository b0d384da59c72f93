import type { Transitions } from "./automaton.ts";
import type { Timeline } from "./timeline.ts";

/** A call that has begun and not returned, and will have happened when it returns. */
export interface OpenCall {
  readonly call: number;
  readonly slot: number;
  readonly kind: number;
  readonly effect: number;
  readonly overwrites: boolean;
  /** Places among the events. */
  readonly invokedAt: number;
  readonly returnedAt: number;
  /** The open call of the same kind that returns before it: it is the one to use first. */
  twin: OpenCall | undefined;
}

/** The calls that are open at one moment of a history. */
export class OpenCalls {
  readonly #timeline: Timeline;
  readonly #automaton: Transitions;
  /** They wait for a state in which they are legal, and change none. */
  readonly observers: OpenCall[] = [];
  readonly movers: OpenCall[] = [];

  constructor(timeline: Timeline, automaton: Transitions) {
    this.#timeline = timeline;
    this.#automaton = automaton;
  }

  begin(call: number, place: number): void {
    const kind = this.#timeline.kinds[call] ?? 0;
    const returnedAt = this.#timeline.returnedAt[call] ?? Infinity;
    const open: OpenCall = {
      call,
      slot: this.#timeline.slots[call] ?? 0,
      kind,
      effect: this.#automaton.effectOf(kind),
      overwrites: this.#automaton.overwrites(kind),
      invokedAt: place,
      returnedAt,
      twin: undefined,
    };
    if (this.#automaton.observes(kind)) this.observers.push(open);
    else this.#addMover(open);
  }

  /** Takes out the call, which is open. */
  end(call: number): OpenCall | undefined {
    for (const list of [this.observers, this.movers]) {
      const index = list.findIndex((open) => open.call === call);
      if (index < 0) continue;
      const [open] = list.splice(index, 1);
      for (const other of list) if (other.twin === open) other.twin = undefined;
      return open;
    }
    return undefined;
  }

  #addMover(open: OpenCall): void {
    for (const other of this.movers) {
      if (other.kind !== open.kind) continue;
      if (other.returnedAt < open.returnedAt && other.returnedAt > (open.twin?.returnedAt ?? 0)) open.twin = other;
      if (other.returnedAt > open.returnedAt && open.returnedAt > (other.twin?.returnedAt ?? 0)) other.twin = open;
    }
    this.movers.push(open);
  }
}
