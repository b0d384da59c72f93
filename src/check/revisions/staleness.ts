import type { Violated } from "../finding.ts";
import { changedStore } from "./changes.ts";
import { isOfNow } from "./looks.ts";
import { named, violatedAt } from "./problem.ts";
import type { Timed } from "./real-time.ts";

/** An answer that is older than what a client had been told before its operation began; undefined where there is none. */
export function staleAnswer(all: readonly Timed[]): Violated | undefined {
  for (const timed of all) {
    const { operation: { outcome, revision }, floor, floorBy } = timed;
    if (outcome !== "ok" || revision === undefined || floorBy === undefined || !isOfNow(timed.operation)) continue;
    const changed = changedStore(timed.operation);
    if (changed ? revision > floor : revision >= floor) continue;
    const what = changed ? "is done" : "is answered";
    return violatedAt(timed, {
      rule: "revision went back",
      sentence: `${named(timed)} ${what} at revision ${revision}, and it began after ${named(floorBy)} had been answered revision ${floor}`,
      keys: [],
      others: [floorBy],
      expected: `revision ${changed ? floor + 1 : floor} or later`,
      seen: `revision ${revision}`,
    });
  }
  return undefined;
}
