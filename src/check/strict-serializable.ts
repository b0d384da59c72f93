import type { Operation } from "../recording/operation.ts";
import type { WatchResponse } from "../recording/watch.ts";
import type { Finding } from "./finding.ts";
import { checkCompactions } from "./revisions/compactions.ts";
import { unexplainedByAny } from "./revisions/every-explanation.ts";
import { HiddenChanges } from "./revisions/hidden-changes.ts";
import { Keys } from "./revisions/keys.ts";
import { inTimeWithoutLeased } from "./revisions/leased.ts";
import { violatedAt } from "./revisions/problem.ts";
import { byRevision } from "./revisions/order.ts";
import { explainable } from "./revisions/real-time.ts";
import { Replay } from "./revisions/replay.ts";
import { Told } from "./revisions/told.ts";
import { Writers } from "./revisions/writers.ts";

export interface HistoryOptions {
  /** Whether nobody else compacts: then nothing is refused as compacted that nobody here compacted. */
  readonly compactsAlone?: boolean;
}

/**
 * Whether a history of etcd's KV is strictly serializable, by the revisions in its answers. These give the order
 * of writes, so that it is enough to look whether real time agrees with that order, and to play the
 * operations in it: each read must find what had been written up to its revision. A serializable read must
 * find a state that there was. Operations of unknown outcome happened where a read saw what they wrote;
 * where none did, they may explain changes that show in creations, versions, compares and counts alone, as far as they fit by
 * kind, number and time; in small histories every combination of them is tried. Revisions that
 * nobody in the history made are not held against etcd: others may write too, to other keys.
 *
 * What watches were told, where it is given, narrows that: of unknown outcome is then only what no watch can have been told.
 * A write that one was told of happened at that revision. One that none was told of, though they were told
 * everything about its keys up to the last revision in the history, has not happened by then.
 *
 * It takes time in proportion to n log n of the operations and to the keys in their ranges.
 */
export function checkStrictSerializable(history: readonly Operation[], watches: readonly WatchResponse[] = [], options: HistoryOptions = {}): Finding {
  const finding = check(history, watches, options);
  if (finding.kind !== "violated" || watches.length === 0 || check(history, [], options).kind === "violated") return finding;
  return { ...finding, sentence: `${finding.sentence}; what watches were told shows it` };
}

function check(history: readonly Operation[], watches: readonly WatchResponse[], { compactsAlone = false }: HistoryOptions): Finding {
  const timed = inTimeWithoutLeased(history);
  if ("kind" in timed) return timed;
  const all = explainable(timed.judged);
  const operations = all.map(({ operation }) => operation);
  const nameless = operations.find(({ outcome, revision }) => outcome === "ok" && revision === undefined);
  if (nameless !== undefined) return { kind: "unknown", because: "not every answer has a revision", checked: 0, of: operations.length };
  const writers = new Writers();
  const told = new Told(watches);
  const violated = writers.addAcknowledged(all) ?? checkCompactions(all, compactsAlone) ?? writers.addTold(told) ?? writers.addSeen(all, told);
  if (violated !== undefined) return violated;
  const newest = operations.reduce((highest, { revision = 0 }) => Math.max(highest, revision), 1);
  const open = all.filter((each) => each.operation.outcome === "info" && each.happened === undefined && !told.wouldKnowOf(each, newest));
  const hidden = new HiddenChanges(open, (revision) => writers.has(revision));
  const keys = new Keys(operations);
  const replay = new Replay(keys, hidden);
  const order = byRevision(all);
  for (const each of order) {
    const problem = replay.play(each);
    if (problem !== undefined) return violatedAt(each, problem);
  }
  const unexplained = hidden.unexplained() ?? (hidden.matter ? unexplainedByAny(all, open, keys, (revision) => writers.has(revision)) : undefined);
  if (unexplained !== undefined) return violatedAt(unexplained.shownBy, unexplained.problem);
  return { kind: "ok", checked: order.length };
}
