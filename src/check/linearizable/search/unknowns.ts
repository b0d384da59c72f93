import type { Transitions } from "./automaton.ts";
import type { Timeline } from "./timeline.ts";
import { Uses } from "./uses.ts";

/** Calls that may have happened at any time since they began. Those of one kind are interchangeable, so they are counted. */
interface UnknownKind {
  readonly kind: number;
  readonly index: number;
  readonly effect: number;
  readonly overwrites: boolean;
  begun: number;
}

/** The calls of unknown outcome that have begun so far. */
export class Unknowns {
  readonly kinds: readonly UnknownKind[];
  /** Those that depend on the state. */
  readonly dependent: readonly UnknownKind[];
  readonly uses: Uses;
  readonly #endless: boolean;
  readonly #byKind: ReadonlyMap<number, UnknownKind>;
  readonly #timeline: Timeline;

  /** `endless`: one that has begun can happen any number of times. */
  constructor(timeline: Timeline, automaton: Transitions, endless: boolean) {
    const kinds = new Set([...timeline.kinds].filter((_, call) => timeline.slots[call] === -1));
    this.kinds = [...kinds].map((kind, index) => ({ kind, index, effect: automaton.effectOf(kind), overwrites: automaton.overwrites(kind), begun: 0 }));
    this.dependent = this.kinds.filter(({ overwrites }) => !overwrites);
    this.uses = new Uses(this.kinds.length);
    this.#byKind = new Map(this.kinds.map((each) => [each.kind, each]));
    this.#endless = endless;
    this.#timeline = timeline;
  }

  begin(call: number): void {
    const kind = this.#byKind.get(this.#timeline.kinds[call] ?? -1);
    if (kind !== undefined) kind.begun += 1;
  }

  /** Whether, with so many used, there is still one of the kind at this index. */
  isLeft(uses: number, index: number): boolean {
    const begun = this.kinds[index]?.begun ?? 0;
    return this.#endless ? begun > 0 : begun > this.uses.count(uses, index);
  }

  use(uses: number, index: number): number {
    return this.#endless ? uses : this.uses.with(uses, index);
  }
}
