import { covers, mayChange } from "./changes.ts";
import { HiddenChanges } from "./hidden-changes.ts";
import type { Keys } from "./keys.ts";
import { byRevision, stateRevision } from "./order.ts";
import type { Problem } from "./problem.ts";
import type { Timed } from "./real-time.ts";
import { Replay } from "./replay.ts";

/** Larger searches are given up: what they would find missing is then not found. */
const playedMax = 50_000;
const largestHistory = 5_000;

interface Unexplained {
  readonly problem: Problem;
  readonly shownBy: Timed;
}

/**
 * Tries every combination of operations of unknown outcome, each at every revision that it can have had, until all
 * that was seen is explained: what something is wrong with must have been changed before by one more of them. The first
 * thing that is wrong without any, where no combination explains all; undefined where one does, or the search is too large.
 */
export function unexplainedByAny(all: readonly Timed[], open: readonly Timed[], keys: Keys, isTaken: (revision: number) => boolean): Unexplained | undefined {
  if (all.length > largestHistory) return undefined;
  let played = 0;
  const used = new Set<number>();

  const firstWrong = (): Unexplained | undefined => {
    const replay = new Replay(keys, new HiddenChanges([], isTaken));
    for (const timed of byRevision(all)) {
      played += 1;
      const problem = replay.play(timed);
      if (problem !== undefined) return { problem, shownBy: timed };
    }
    return undefined;
  };
  /** Whether what is wrong can be mended; true also when the search is too large. */
  const canBeMended = ({ problem, shownBy }: Unexplained): boolean => {
    const suspects = new Set([...problem.keys, ...comparedBy(open.filter(({ happened }) => happened !== undefined))]);
    for (const each of open) {
      if (each.happened !== undefined || !touches(each, suspects)) continue;
      for (let revision = each.floor + 1; revision <= stateRevision(shownBy); revision += 1) {
        if (played > playedMax) return true;
        if (isTaken(revision) || used.has(revision)) continue;
        each.happened = { revision, seenBy: shownBy };
        used.add(revision);
        const wrong = firstWrong();
        const mended = wrong === undefined || canBeMended(wrong);
        delete each.happened;
        used.delete(revision);
        if (mended) return true;
      }
    }
    return false;
  };

  const wrong = firstWrong();
  if (wrong === undefined || canBeMended(wrong)) return undefined;
  return { ...wrong, problem: { ...wrong.problem, sentence: `${wrong.problem.sentence}; no operation of unknown outcome can explain it` } };
}

function touches({ operation }: Timed, keys: ReadonlySet<string>): boolean {
  return mayChange(operation).some((part) => (part.op === "put" && keys.has(part.key)) || (part.op === "delete" && [...keys].some((key) => covers(part, key))));
}

/** What these do depends on other keys too. */
function comparedBy(unknown: readonly Timed[]): string[] {
  return unknown.flatMap(({ operation }) => (operation.op === "txn" ? operation.compares.map(({ key }) => key) : []));
}
