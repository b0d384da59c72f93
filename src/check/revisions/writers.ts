import { changedStore, mayBeOld, mayChange, partsDone } from "./changes.ts";
import { eachFound, type Found } from "./found.ts";
import { named, violatedAt, type Problem } from "./problem.ts";
import type { Operation } from "../../recording/operation.ts";
import type { Violated } from "../finding.ts";
import type { Timed } from "./real-time.ts";
import type { Told, ToldPut } from "./told.ts";
import { valueText } from "../../recording/value-text.ts";

/** Which operation made each revision, as far as that is known. */
export class Writers {
  readonly #by = new Map<number, Timed>();
  readonly #unknown = new Map<string, Timed[]>();
  readonly #failed = new Map<string, Timed>();

  /** Writes that were acknowledged have a revision each, above all that anybody had been told before. */
  addAcknowledged(all: readonly Timed[]): Violated | undefined {
    for (const timed of all) {
      const { operation, floor, floorBy } = timed;
      if (operation.outcome === "info") this.#index(timed);
      else if (operation.outcome === "fail") for (const part of mayChange(operation)) if (part.op === "put") this.#failed.set(nameOf(part), timed);
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

  /** Writes of unknown outcome that a watch was told happened, at the revision that it was told; those that failed did not. */
  addTold(told: Told): Violated | undefined {
    for (const put of told.puts) {
      const known = this.#by.get(put.event.modRevision) ?? this.#writerOf(put.event);
      const failed = known === undefined ? this.#failed.get(nameOf(put.event)) : undefined;
      if (failed !== undefined) return violatedAt(failed, failedAndTold(failed, put));
      if (known === undefined) continue;
      if (!writes(known.operation, put.event)) return violatedAt(known, otherThanTold(known, put));
      if (this.#by.has(put.event.modRevision)) continue;
      this.#happened(known, put.event, undefined);
    }
    return undefined;
  }

  /** Writes of unknown outcome that were read happened, at the revision that was read. */
  addSeen(all: readonly Timed[], told: Told): Violated | undefined {
    for (const reader of all) {
      if (reader.operation.outcome !== "ok") continue;
      const problem = eachFound(reader.operation, (found) => (this.#by.has(found.modRevision) ? undefined : this.#resolve(found, reader, all, told)));
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

  #resolve(found: Found, seenBy: Timed, all: readonly Timed[], told: Told): Problem | undefined {
    const writer = this.#writerOf(found);
    if (writer === undefined) return nobodyWrote(found, seenBy, all);
    const unaware = told.whoWasNotTold(found);
    if (unaware !== undefined) return notTold(found, seenBy, writer, unaware);
    this.#happened(writer, found, seenBy);
    return undefined;
  }

  /** Of several of unknown outcome that can have written it the one that began last: those that began before fit more. */
  #writerOf(found: Seen): Timed | undefined {
    const open = (this.#unknown.get(nameOf(found)) ?? []).filter(({ happened, floor }) => happened === undefined && floor < found.modRevision);
    return open.sort((a, b) => b.floor - a.floor)[0];
  }

  #happened(writer: Timed, found: Seen, seenBy: Timed | undefined): void {
    writer.happened = { revision: found.modRevision, seenBy, ...branchOf(writer, found) };
    this.#by.set(found.modRevision, writer);
  }
}

/** A key with a value, and the revision at which it had been written. */
type Seen = Pick<Found, "key" | "value" | "modRevision">;

/** Whether an operation wrote that, or may have. */
function writes(operation: Operation, seen: Seen): boolean {
  const parts = operation.op === "txn" && operation.outcome === "ok" ? partsDone(operation) : mayChange(operation);
  return parts.some((part) => part.op === "put" && nameOf(part) === nameOf(seen));
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

function branchOf({ operation }: Timed, found: Seen): { readonly succeeded?: boolean } {
  if (operation.op !== "txn") return {};
  const writesIt = (parts: typeof operation.success): boolean => parts.some((part) => part.op === "put" && nameOf(part) === nameOf(found));
  const [success, failure] = [writesIt(operation.success), writesIt(operation.failure)];
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

function failedAndTold(failed: Timed, { event, by }: ToldPut): Problem {
  const seen = `${event.key} = ${valueText(event.value)} of revision ${event.modRevision}`;
  return { rule: "failed write that happened", sentence: `${named(failed)} had failed, and ${by} was told of put ${seen}, which nobody else can have made`, keys: [], others: [], seen };
}

function otherThanTold(writer: Timed, { event, by }: ToldPut): Problem {
  const seen = `${event.key} = ${valueText(event.value)} of revision ${event.modRevision}`;
  return { rule: "watch against answer", sentence: `${named(writer)} made revision ${event.modRevision}, and ${by} was told of put ${seen}`, keys: [event.key], others: [writer.happened?.seenBy], seen };
}

function notTold(found: Found, reader: Timed, writer: Timed, by: string): Problem {
  const seen = `${found.key} = ${valueText(found.value)} of revision ${found.modRevision}`;
  return { rule: "watch against answer", sentence: `${named(reader)} reads ${seen}, of which ${by} was never told, though it was told all of that revision`, keys: [found.key], others: [writer], seen };
}

/** Says where a value that was read can have come from instead; looks through all, as nothing else follows. */
function nobodyWrote(found: Found, reader: Timed, all: readonly Timed[]): Problem {
  const seen = `${found.key} = ${valueText(found.value)} of revision ${found.modRevision}`;
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
