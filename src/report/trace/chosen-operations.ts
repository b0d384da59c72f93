import { faultWindows } from "../../analysis/fault-windows.ts";
import { slowest } from "../../analysis/stretch-figures.ts";
import type { Results } from "../../judge/results.ts";
import { latencyMs, type Operation } from "../../recording/operation.ts";
import type { Recording } from "../../recording/recording.ts";

export interface Chosen {
  /** In order of invocation. */
  readonly operations: readonly Operation[];
  /** Which those are, in words. */
  readonly because: string;
}

const slowestMax = 1_000;
const brokenMax = 1_000;
const nearMs = 500;

/**
 * The operations to look at in a run that has more than a viewer bears: those of counterexamples, the slowest, the first
 * that were not acknowledged, and what was under way within half a second of a fault's beginning or end.
 */
export function chosenOperations(recording: Recording, results: Results, most: number): Chosen {
  const { operations } = recording;
  if (operations.length <= most) return { operations, because: "all of them" };
  const chosen = new Set<Operation>();
  const add = (some: Iterable<Operation>): void => {
    for (const operation of some) {
      if (chosen.size >= most) return;
      chosen.add(operation);
    }
  };
  add(ofCounterexamples(operations, results));
  add(slowest(operations, slowestMax).sort((a, b) => latencyMs(b) - latencyMs(a)).slice(0, slowestMax));
  add(operations.filter(({ outcome }) => outcome !== "ok").slice(0, brokenMax));
  const edges = faultWindows(recording).flatMap(({ requestedMs, effectiveMs, healingMs, healedMs }) => [requestedMs, effectiveMs, healingMs, healedMs].flatMap((atMs) => atMs ?? []));
  add(underWayAt(operations, edges));
  const because = `those of counterexamples, the ${slowestMax} slowest, the first ${brokenMax} that were not acknowledged, and those within ${nearMs} ms of a fault's beginning or end, ${most} at most`;
  return { operations: operations.filter((operation) => chosen.has(operation)), because };
}

/** One after the other, as not many more are looked for than there are of the first edges. */
function* underWayAt(operations: readonly Operation[], edgesMs: readonly number[]): Iterable<Operation> {
  for (const operation of operations) {
    const { invokeNs, returnNs } = operation;
    if (edgesMs.some((atMs) => invokeNs <= (atMs + nearMs) * 1e6 && returnNs >= (atMs - nearMs) * 1e6)) yield operation;
  }
}

function ofCounterexamples(operations: readonly Operation[], { assertions }: Results): Operation[] {
  const shown = assertions.flatMap(({ verdict: { counterexample } }) => (counterexample?.clock === "run" ? counterexample.operations : []));
  const keys = new Set(shown.map(({ process, invoke }) => `${process} ${invoke}`));
  return keys.size === 0 ? [] : operations.filter(({ process, invokeNs }) => keys.has(`${process} ${invokeNs}`));
}
