import { changedStore, mayBeOld, mayChange } from "./changes.ts";
import { eachFound, type Found } from "./found.ts";
import { named, violatedAt, type Problem } from "./problem.ts";
import type { Violated } from "../finding.ts";
import type { Timed } from "./real-time.ts";

/** Which operation made each revision, as far as that is known. */
export class Writers {
  readonly #by = new Map<number, Timed>();
  readonly #unknown = new Map<string, Timed[]>();

  /** Writes that were acknowledged have a revision each, above all that anybody had been told before. */
  addAcknowledged(all: readonly Timed[]): Violated | undefined {
    for (const timed of all) {
      const { operation, floor, floorBy } = timed;
      if (operation.outcome !== "ok" || operation.revision === undefined) continue;
      const changed = changedStore(operation);
      if (isOutOfTime(timed, changed)) return violatedAt(timed, backwards(timed, floor, floorBy, changed));
      if (!changed) continue;
      const other = this.#by.get(operation.revision);
      if (other !== undefined) return violatedAt(timed, twice(timed, other));
      this.#by.set(operation.revision, timed);
    }
    return undefined;
  }

  /** Writes of unknown outcome that were read happened, at the revision that was read. */
  addSeen(all: readonly Timed[]): Violated | undefined {
    for (const timed of all) if (timed.operation.outcome === "info") this.#index(timed);
    for (const reader of all) {
      if (reader.operation.outcome !== "ok") continue;
      const problem = eachFound(reader.operation, (found) => (this.#by.has(found.modRevision) ? undefined : this.#resolve(found, reader, all)));
      if (problem !== undefined) return violatedAt(reader, problem);
    }
    return undefined;
  }

  has(revision: number): boolean {
    return this.#by.has(revision);
  }

  #index(timed: Timed): void {
    for (const part of mayChange(timed.operation)) {
      if (part.op !== "put") continue;
      const name = nameOf(part);
      const list = this.#unknown.get(name);
      if (list === undefined) this.#unknown.set(name, [timed]);
      else if (!list.includes(timed)) list.push(timed);
    }
  }

  #resolve(found: Found, seenBy: Timed, all: readonly Timed[]): Problem | undefined {
    const revision = found.modRevision;
    const open = (this.#unknown.get(nameOf(found)) ?? []).filter(({ happened, floor }) => happened === undefined && floor < revision);
    // Of several the one that began last: those that began before fit more.
    const [writer] = open.sort((a, b) => b.floor - a.floor);
    if (writer === undefined) return nobodyWrote(found, seenBy, all);
    writer.happened = { revision, seenBy, ...branchOf(writer, found) };
    this.#by.set(revision, writer);
    return undefined;
  }
}

function nameOf({ key, value }: { readonly key: string; readonly value: string }): string {
  return `${key}\n${value}`;
}

/** Writes come after all that was answered before them, linearizable reads not before it. */
function isOutOfTime({ operation, floor }: Timed, changed: boolean): boolean {
  const revision = operation.revision ?? 0;
  if (changed) return revision <= floor;
  return revision < floor && !mayBeOld(operation);
}

function branchOf({ operation }: Timed, found: Found): { readonly succeeded?: boolean } {
  if (operation.op !== "txn") return {};
  const writes = (parts: typeof operation.success): boolean => parts.some((part) => part.op === "put" && nameOf(part) === nameOf(found));
  const [success, failure] = [writes(operation.success), writes(operation.failure)];
  return success === failure ? {} : { succeeded: success };
}

function backwards(timed: Timed, floor: number, floorBy: Timed | undefined, changed: boolean): Problem {
  const revision = timed.operation.revision ?? 0;
  const what = changed ? "is answered" : "is done at";
  return {
    rule: "revision went back",
    sentence: `${named(timed)} ${what} revision ${revision}, and it began after ${floorBy === undefined ? "another" : named(floorBy)} had been answered revision ${floor}`,
    keys: [],
    others: [floorBy],
    expected: changed ? `a revision above ${floor}` : `revision ${floor} or later`,
    seen: `revision ${revision}`,
  };
}

function twice(timed: Timed, other: Timed): Problem {
  return { rule: "duplicate revision", sentence: `${named(timed)} and ${named(other)} are both answered revision ${timed.operation.revision ?? 0}, which only one of them can have made`, keys: [], others: [other] };
}

/** Says where a value that was read can have come from instead; looks through all, as nothing else follows. */
function nobodyWrote(found: Found, reader: Timed, all: readonly Timed[]): Problem {
  const seen = `${found.key} = ${found.value} of revision ${found.modRevision}`;
  const writers = all.filter(({ operation }) => mayChange(operation).some((part) => part.op === "put" && nameOf(part) === nameOf(found)));
  const failed = writers.find(({ operation }) => operation.outcome === "fail");
  if (failed !== undefined) return { rule: "dirty read", sentence: `${named(reader)} reads ${seen}, and ${named(failed)} had failed`, keys: [], others: [failed], seen };
  const [writer] = writers;
  if (writer === undefined) return { rule: "value from nowhere", sentence: `${named(reader)} reads ${seen}, which nobody wrote`, keys: [], others: [], seen };
  const elsewhere = writer.happened?.revision ?? writer.operation.revision;
  if (elsewhere !== undefined) {
    return { rule: "two revisions of one write", sentence: `${named(reader)} reads ${seen}, and ${named(writer)} wrote that at revision ${elsewhere}`, keys: [], others: [writer, writer.happened?.seenBy], expected: `revision ${elsewhere}`, seen };
  }
  return {
    rule: "read of the future",
    sentence: `${named(reader)} reads ${seen}, and ${named(writer)} began only after revision ${writer.floor} had been answered`,
    keys: [],
    others: [writer, writer.floorBy],
    seen,
  };
}
