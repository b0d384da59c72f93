import { covers, mayChange } from "./changes.ts";
import { named, type Problem } from "./problem.ts";
import type { Timed } from "./real-time.ts";

/** Operations of unknown outcome that may have changed a key, and where nobody has seen it. */
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
  readonly #rangeDeletes: Timed[] = [];
  readonly #needed: HiddenChange[] = [];
  #isOpen = false;
  readonly #isTaken: (revision: number) => boolean;
  /** Without, all that happened is known. */
  readonly hasUnknown: boolean;

  constructor(unknown: readonly Timed[], isTaken: (revision: number) => boolean) {
    this.#isTaken = isTaken;
    this.hasUnknown = unknown.length > 0;
    for (const timed of unknown) {
      for (const part of mayChange(timed.operation)) {
        if (part.op === "put") append(this.#puts, part.key, timed);
        else if (part.op === "delete" && part.end === undefined) append(this.#deletes, part.key, timed);
        else if (part.op === "delete") this.#rangeDeletes.push(timed);
      }
    }
  }

  /** Those of a key, the earliest first. */
  doubts(key: string): Doubts {
    const puts = this.#puts.get(key) ?? [];
    const ranges = this.#rangeDeletes.filter(({ operation }) => mayChange(operation).some((part) => part.op === "delete" && covers(part, key)));
    const deletes = [...(this.#deletes.get(key) ?? []), ...ranges];
    if (puts.length + deletes.length === 0) return none;
    return { puts: inOrder(puts), deletes: inOrder(deletes), after: Math.min(...[...puts, ...deletes].map(({ floor }) => floor)) };
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
    return latest !== undefined && this.#explaining(change).some(({ floor }) => floor < latest);
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
        const fitting = this.#explaining(change).filter(({ floor }) => floor < latest).length;
        const needed = change.kind === "put" || change.kind === "delete" ? index + 1 : 1;
        if (fitting < needed) return { problem: nobodyFor(change), shownBy: change.shownBy };
      }
    }
    return undefined;
  }

  #explaining({ key, kind }: HiddenChange): readonly Timed[] {
    const { puts, deletes } = this.doubts(key);
    if (kind === "any") return [...puts, ...deletes];
    return kind === "delete" ? deletes : puts;
  }

  #latestFree({ after, upTo }: HiddenChange): number | undefined {
    for (let revision = upTo; revision > after; revision -= 1) if (!this.#isTaken(revision)) return revision;
    return undefined;
  }
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
