import { bisector } from "d3-array";
import type { DeleteRequest } from "../../recording/operations/key-value.ts";
import { covers, mayChange } from "./changes.ts";
import { FreeRevisions } from "./free-revisions.ts";
import { named, type Problem } from "./problem.ts";
import type { Timed } from "./real-time.ts";

/** Operations of unknown outcome that may have changed a key, and where nobody has seen it; those that fit the earliest revisions first. */
export interface Doubts {
  readonly puts: readonly Timed[];
  readonly deletes: readonly Timed[];
  /** None of them can have happened at or before this revision. */
  readonly after: number;
}

/** A change that must have happened, though nobody saw whose it was. */
export interface HiddenChange {
  readonly key: string;
  /** `there` is a put that may be the same as another one that shows. */
  readonly kind: "put" | "delete" | "there" | "any";
  /** At a revision above this one, and not above the next. */
  readonly after: number;
  readonly upTo: number;
  /** The operation that shows it. */
  readonly shownBy: Timed;
  /** The last change of the key before it, as far as is known. */
  readonly follows: Timed | undefined;
}

/** What keys are like when nothing is hidden. */
const none: Doubts = { puts: [], deletes: [], after: Infinity };

/** Explains changes that nobody saw by operations of unknown outcome, each of which happens once at most. */
export class HiddenChanges {
  readonly #puts = new Map<string, Timed[]>();
  readonly #deletes = new Map<string, Timed[]>();
  readonly #rangeDeletes: { readonly range: DeleteRequest; readonly timed: Timed }[] = [];
  readonly #doubts = new Map<string, Doubts>();
  readonly #needed: HiddenChange[] = [];
  #isOpen = false;
  readonly #free: FreeRevisions;
  /** Without, all that happened is known. */
  readonly hasUnknown: boolean;

  constructor(unknown: readonly Timed[], isTaken: (revision: number) => boolean) {
    this.#free = new FreeRevisions(isTaken);
    this.hasUnknown = unknown.length > 0;
    for (const timed of unknown) {
      for (const part of mayChange(timed.operation)) {
        if (part.op === "put") append(this.#puts, part.key, timed);
        else if (part.op === "delete" && part.end === undefined) append(this.#deletes, part.key, timed);
        else if (part.op === "delete") this.#rangeDeletes.push({ range: part, timed });
      }
    }
  }

  /** Those of a key. */
  doubts(key: string): Doubts {
    let doubts = this.#doubts.get(key);
    if (doubts === undefined) {
      doubts = this.#findDoubts(key);
      this.#doubts.set(key, doubts);
    }
    return doubts;
  }

  need(change: HiddenChange): void {
    this.#needed.push(change);
  }

  /** Something that was seen depends on unknown outcomes, in a way that was not looked into. */
  leaveOpen(): void {
    this.#isOpen = true;
  }

  /** Whether what was seen depends on unknown outcomes at all. */
  get matter(): boolean {
    return this.#isOpen || this.#needed.length > 0;
  }

  /** Whether such a change can have been. */
  canBe(change: HiddenChange): boolean {
    const latest = this.#latestFree(change);
    return latest !== undefined && this.#fitting(change, latest) > 0;
  }

  /**
   * The first change that nothing can explain. An operation fits where it had begun, so that those that fit a
   * change fit all later ones too: taken in order, the nth change needs n operations that had begun by then.
   */
  unexplained(): { readonly problem: Problem; readonly shownBy: Timed } | undefined {
    const groups = new Map<string, { readonly change: HiddenChange; readonly latest: number }[]>();
    for (const change of this.#needed) {
      const latest = this.#latestFree(change);
      if (latest === undefined) return { problem: noRoomFor(change), shownBy: change.shownBy };
      append(groups, `${change.kind} ${change.key}`, { change, latest });
    }
    for (const group of groups.values()) {
      group.sort((a, b) => a.latest - b.latest);
      for (const [index, { change, latest }] of group.entries()) {
        const fitting = this.#fitting(change, latest);
        const needed = change.kind === "put" || change.kind === "delete" ? index + 1 : 1;
        if (fitting < needed) return { problem: nobodyFor(change), shownBy: change.shownBy };
      }
    }
    return undefined;
  }

  #findDoubts(key: string): Doubts {
    const puts = inOrder(this.#puts.get(key) ?? []);
    const ranges = this.#rangeDeletes.filter(({ range }) => covers(range, key)).map(({ timed }) => timed);
    const deletes = inOrder([...(this.#deletes.get(key) ?? []), ...ranges]);
    if (puts.length + deletes.length === 0) return none;
    return { puts, deletes, after: Math.min(puts[0]?.floor ?? Infinity, deletes[0]?.floor ?? Infinity) };
  }

  /** How many operations can be such a change at a revision. */
  #fitting({ key, kind }: HiddenChange, revision: number): number {
    const { puts, deletes } = this.doubts(key);
    return (kind === "delete" ? 0 : begunBefore(puts, revision)) + (kind === "delete" || kind === "any" ? begunBefore(deletes, revision) : 0);
  }

  #latestFree({ after, upTo }: HiddenChange): number | undefined {
    const latest = this.#free.latestUpTo(upTo);
    return latest > after ? latest : undefined;
  }
}

const floorOf = bisector(({ floor }: Timed) => floor);

/** How many of some operations, the earliest first, can have happened at a revision. */
function begunBefore(operations: readonly Timed[], revision: number): number {
  return floorOf.left(operations, revision);
}

function append<T>(lists: Map<string, T[]>, key: string, item: T): void {
  const list = lists.get(key);
  if (list === undefined) lists.set(key, [item]);
  else list.push(item);
}

function inOrder(operations: readonly Timed[]): readonly Timed[] {
  return [...new Set(operations)].sort((a, b) => a.floor - b.floor);
}

function noRoomFor({ key, kind, after, upTo, shownBy, follows }: HiddenChange): Problem {
  const when = upTo === after + 1 ? `at revision ${upTo}` : `between the revisions ${after} and ${upTo}`;
  return { rule: "lost update", sentence: `${named(shownBy)} shows that ${key} was ${done[kind]} ${when}, where each revision belongs to another change`, keys: [key], others: [follows] };
}

function nobodyFor({ key, kind, after, upTo, shownBy, follows }: HiddenChange): Problem {
  const when = upTo === after + 1 ? `at revision ${upTo}` : `between the revisions ${after} and ${upTo}`;
  return { rule: "unexplained change", sentence: `${named(shownBy)} shows that ${key} was ${done[kind]} ${when}, and no operation can have done it`, keys: [key], others: [follows] };
}

const done = { put: "written", delete: "deleted", there: "written", any: "changed" } as const;
