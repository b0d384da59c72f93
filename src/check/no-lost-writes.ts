import { bisectRight } from "d3-array";
import type { Operation } from "../recording/operation.ts";
import type { Finding } from "./finding.ts";
import { changedStore, mayBeOld } from "./revisions/changes.ts";
import { Known } from "./revisions/known.ts";
import { inTimeWithoutLeased } from "./revisions/leased.ts";
import { named, violatedAt } from "./revisions/problem.ts";
import type { Timed } from "./revisions/real-time.ts";

/** A write that was acknowledged and is not there any more, and how that shows. */
interface Lost {
  readonly write: Timed;
  readonly shownBy: Timed;
  /** What the other does: `finds no k7`. */
  readonly how: string;
}

/**
 * Whether each acknowledged write is known to all that began after its acknowledgement. One is lost where such an
 * operation is done at a revision before it, or reads its key as of an earlier revision, or finds no key that
 * nobody can have deleted; or where two were given the same revision. It counts all that are lost. Nothing
 * is known of keys that were not read after their last write, hence the reads at the end of a load.
 */
export function checkNoLostWrites(history: readonly Operation[]): Finding {
  const timed = inTimeWithoutLeased(history);
  if ("kind" in timed) return timed;
  const { all, judged } = timed;
  const writes = all.filter(({ operation }) => operation.outcome === "ok" && operation.revision !== undefined && changedStore(operation));
  const lost = new Map<Timed, Lost>();
  for (const each of [...rolledBack(all, writes), ...givenTwice(writes), ...unread(judged)]) if (!lost.has(each.write)) lost.set(each.write, each);
  const [first] = [...lost.values()].sort((a, b) => a.write.operation.returnNs - b.write.operation.returnNs);
  if (first === undefined) return { kind: "ok", checked: writes.length };
  const { write, shownBy, how } = first;
  const count = lost.size === 1 ? `1 of ${writes.length} acknowledged writes is lost` : `${lost.size} of ${writes.length} acknowledged writes are lost, the first of them`;
  const revision = write.operation.revision ?? 0;
  return violatedAt(shownBy, {
    rule: "lost write",
    sentence: `${count}: ${named(write)} was acknowledged at revision ${revision}, and ${named(shownBy)}, which began later, ${how}`,
    keys: [], others: [write],
    expected: `the state of revision ${revision} or later`,
    seen: how,
  });
}

/**
 * Writes after whose acknowledgement something began that was done at a revision without them. That is behind its own floor, to
 * which they are counted, and hardly any history has such an operation.
 */
function rolledBack(all: readonly Timed[], writes: readonly Timed[]): Lost[] {
  const behind = all.filter(isDoneBehind);
  if (behind.length === 0) return [];
  // The lowest revision that anything which began from here on was done at.
  const lowest = new Array<Timed | undefined>(behind.length);
  for (let index = behind.length - 1; index >= 0; index -= 1) {
    const [timed, later] = [behind[index], lowest[index + 1]];
    if (timed !== undefined) lowest[index] = later !== undefined && doneAt(later) <= doneAt(timed) ? later : timed;
  }
  const invokesNs = behind.map(({ operation }) => operation.invokeNs);
  const lost: Lost[] = [];
  for (const write of writes) {
    const shownBy = lowest[bisectRight(invokesNs, write.operation.returnNs)];
    const revision = write.operation.revision ?? 0;
    if (shownBy !== undefined && doneAt(shownBy) < revision) lost.push({ write, shownBy, how: `is done on the state of revision ${doneAt(shownBy)}` });
  }
  return lost;
}

function isDoneBehind(timed: Timed): boolean {
  const { operation: { outcome, revision }, floor } = timed;
  return outcome === "ok" && revision !== undefined && doneAt(timed) < floor && !mayBeOld(timed.operation);
}

/** The revision of the state that it was done on. */
function doneAt({ operation }: Timed): number {
  const revision = operation.revision ?? 0;
  return changedStore(operation) ? revision - 1 : revision;
}

function givenTwice(writes: readonly Timed[]): Lost[] {
  const revisions = Float64Array.from(writes.map(({ operation }) => operation.revision ?? 0)).sort();
  if (revisions.every((revision, index) => revision !== revisions[index - 1])) return [];
  const by = new Map<number, Timed>();
  const lost: Lost[] = [];
  for (const write of writes) {
    const revision = write.operation.revision ?? 0;
    const other = by.get(revision);
    by.set(revision, write);
    if (other !== undefined) lost.push({ write: other, shownBy: write, how: "was given the same revision" });
  }
  return lost;
}

/** Writes that a later read does not know of. */
function unread(all: readonly Timed[]): Lost[] {
  const known = new Known(all.map(({ operation }) => operation));
  const lost: Lost[] = [];
  for (const timed of all) {
    if (timed.operation.outcome === "ok") for (const { write, how } of known.missedBy(timed)) lost.push({ write, shownBy: timed, how });
    known.begin(timed);
  }
  return lost;
}
