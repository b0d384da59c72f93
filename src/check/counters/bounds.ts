import { bisectLeft, bisectRight } from "d3-array";
import type { Operation } from "../../recording/operation.ts";
import type { Violated } from "../finding.ts";
import { named, violatedAt } from "../revisions/problem.ts";
import type { Addition, Counter, Seen } from "./history.ts";

/**
 * Each answer is held against the additions up to its revision: those that were acknowledged are in it, and of those of
 * unknown outcome at most the ones that had begun by its end. Of all that go by the same revision of the counter
 * one at most was done, since the next finds another revision.
 */
export class Bounds {
  readonly #key: string;
  /** In order of their revisions. */
  readonly #added: readonly Addition[];
  readonly #revisions: readonly number[];
  /** When the first of those that may be one addition began, in order. */
  readonly #mayBegin: readonly number[];

  constructor({ key, added, mayBeAdded }: Counter) {
    this.#key = key;
    this.#added = added.toSorted((a, b) => revisionOf(a) - revisionOf(b));
    this.#revisions = this.#added.map(revisionOf);
    const done = new Set(added.map(({ from }) => from));
    const begun = new Map<number, number>();
    for (const { from, by } of mayBeAdded) if (!done.has(from)) begun.set(from, Math.min(begun.get(from) ?? Infinity, by.operation.invokeNs));
    this.#mayBegin = [...begun.values()].sort((a, b) => a - b);
  }

  /** Two that were both told that nobody had changed the counter since. */
  bothOnTheSame(): Violated | undefined {
    const from = new Map<number, Addition>();
    for (const each of this.#added) {
      const other = from.get(each.from);
      if (other !== undefined) {
        const sentence = `${named(each.by)} was added at revision ${revisionOf(each)} to the ${this.#key} of revision ${each.from}, as ${named(other.by)} had been at revision ${revisionOf(other)}`;
        return violatedAt(each.by, { rule: "lost increment", sentence, keys: [], others: [other.by], expected: `one increment of the ${this.#key} of revision ${each.from}`, seen: "two" });
      }
      from.set(each.from, each);
    }
    return undefined;
  }

  /** What is wrong with an answer. */
  problem(seen: Seen): Violated | undefined {
    const { count, revision, version } = seen;
    if (count === undefined) return this.#at(seen, "value from nowhere", `finds ${this.#key} = ${String(seen.value)}, which is no number`);
    const lowest = bisectRight(this.#revisions, revision);
    const last = this.#added[lowest - 1];
    if (count < lowest) return this.#at(seen, "lost increment", `finds ${this.#key} = ${count} at revision ${revision}, by which ${increments(lowest)} had been acknowledged`, last, `${lowest} or more`);
    const open = bisectLeft(this.#mayBegin, seen.by.operation.returnNs);
    if (count > lowest + open) {
      const unknown = open === 0 ? "" : ` and ${open} of unknown outcome had begun`;
      return this.#at(seen, "increment from nowhere", `finds ${this.#key} = ${count} at revision ${revision}, by which ${increments(lowest)} had been acknowledged${unknown}`, last, `${lowest + open} or less`);
    }
    if (version !== undefined && version !== count) return this.#at(seen, "lost increment", `finds ${this.#key} = ${count}, and it was written ${version} times`, last, `${version}`);
    return this.#changedAtAnother(seen, last, open);
  }

  /** The last change that an answer tells of is the last of those that are known, or one of unknown outcome after it. */
  #changedAtAnother(seen: Seen, last: Addition | undefined, open: number): Violated | undefined {
    const { changedAt, revision, value } = seen;
    if (changedAt === undefined) return undefined;
    const lastAt = last === undefined ? 0 : revisionOf(last);
    if (changedAt < lastAt) return this.#at(seen, "lost increment", `finds ${this.#key} as of revision ${changedAt} at revision ${revision}, and one was acknowledged at revision ${lastAt}`, last, `revision ${lastAt} or later`);
    if (changedAt > lastAt && open === 0) return this.#at(seen, "increment from nowhere", `finds ${this.#key} as of revision ${changedAt}, which nobody can have made: the last acknowledged is of revision ${lastAt}`, last, `revision ${lastAt}`);
    if (changedAt > revision) return this.#at(seen, "increment from nowhere", `finds ${this.#key} as of revision ${changedAt} in the state of revision ${revision}`, last);
    if (last !== undefined && changedAt === lastAt && value !== last.value) return this.#at(seen, "value from nowhere", `finds ${this.#key} = ${String(value)} of revision ${changedAt}, at which ${last.value} was written`, last, last.value);
    return undefined;
  }

  #at(seen: Seen, rule: string, how: string, other?: Addition, expected?: string): Violated {
    const sentence = `${named(seen.by)} ${how}`;
    return violatedAt(seen.by, { rule, sentence, keys: [], others: [other?.by], ...(expected === undefined ? {} : { expected }), seen: `${this.#key} = ${String(seen.value)}` });
  }
}

/** Answers in order of their revisions do not go back, and at one revision of the counter they agree. */
export function wentBack({ key, seen }: Counter): Violated | undefined {
  let highest: Seen | undefined;
  for (const each of seen.toSorted((a, b) => a.revision - b.revision)) {
    const before = highest?.count ?? 0;
    const count = each.count ?? before;
    const same = highest !== undefined && each.changedAt !== undefined && highest.changedAt === each.changedAt;
    if (highest !== undefined && (count < before || (same && count !== before))) {
      const sentence = `${named(each.by)} finds ${key} = ${count} at revision ${each.revision}, and ${named(highest.by)} finds ${before} at revision ${highest.revision}`;
      return violatedAt(each.by, { rule: "counter went back", sentence, keys: [], others: [highest.by], expected: `${before} or more`, seen: `${key} = ${count}` });
    }
    highest = each;
  }
  return undefined;
}

function increments(count: number): string {
  return `${count} ${count === 1 ? "increment" : "increments"}`;
}

function revisionOf({ by }: { readonly by: { readonly operation: Operation } }): number {
  return by.operation.revision ?? 0;
}
