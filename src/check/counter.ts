import type { Operation } from "../recording/operation.ts";
import { Bounds, wentBack } from "./counters/bounds.ts";
import { counterHistory } from "./counters/history.ts";
import { inTermsOfCounters } from "./counters/words.ts";
import type { Finding } from "./finding.ts";
import { byInvocation, inRealTime } from "./revisions/real-time.ts";
import { staleAnswer } from "./revisions/staleness.ts";

/**
 * Whether counters count, as Jepsen's checker of counters asks, and closer by revisions: an answer lies between the
 * increments that were acknowledged up to its revision and these with those of unknown outcome that had begun by
 * its end; answers do not go back, neither by revisions nor by time; and so the last reads know of every acknowledged increment.
 *
 * It takes time in proportion to n log n of the operations.
 */
export function checkCounter(history: readonly Operation[]): Finding {
  const { counters, operations } = counterHistory(inRealTime(byInvocation(history)));
  for (const counter of counters.values()) {
    const bounds = new Bounds(counter);
    const problem = bounds.bothOnTheSame() ?? firstProblem(counter.seen, (seen) => bounds.problem(seen)) ?? wentBack(counter);
    if (problem !== undefined) return inTermsOfCounters(problem);
  }
  const stale = staleAnswer(operations);
  return stale === undefined ? { kind: "ok", checked: operations.length } : inTermsOfCounters(stale);
}

function firstProblem<Each, Problem>(all: readonly Each[], problemOf: (each: Each) => Problem | undefined): Problem | undefined {
  for (const each of all) {
    const problem = problemOf(each);
    if (problem !== undefined) return problem;
  }
  return undefined;
}
