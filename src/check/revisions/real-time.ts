import type { Operation } from "../../recording/operation.ts";
import { remembered } from "../../remembered.ts";
import { Answers } from "./answers.ts";

/** An operation, with what real time says of its place among the revisions. */
export interface Timed {
  readonly operation: Operation;
  /** The highest revision that any client had been told before this operation began; 1, that of an empty store, where there was none. */
  readonly floor: number;
  /** Who had been told it. */
  readonly floorBy: Timed | undefined;
  /** Where an operation of unknown outcome happened after all, as a read or a watch shows; only in what `explainable` gives. */
  happened?: Happened;
}

export interface Happened {
  readonly revision: number;
  /** Which branch of a transaction it was; undefined where either may have been. */
  readonly succeeded?: boolean;
  /** Who saw it first; undefined where a watch was told it. */
  readonly seenBy: Timed | undefined;
}

/**
 * What was certain when each operation began. Takes and gives them in order of invocation. Whatever had
 * been answered before at a revision was committed at that revision, also where a member answered alone.
 */
export const inRealTime = remembered((operations: readonly Operation[]): readonly Timed[] => {
  const answers = new Answers();
  let latest: Timed | undefined;
  let floor = 1;
  return operations.map((operation) => {
    for (let done = answers.takeBefore(operation.invokeNs); done !== undefined; done = answers.takeBefore(operation.invokeNs)) {
      const revision = done.operation.revision ?? 0;
      if (revision <= floor) continue;
      floor = revision;
      latest = done;
    }
    const timed: Timed = { operation, floor, floorBy: latest };
    if (operation.outcome === "ok") answers.add(timed);
    return timed;
  });
});

/** The same for one checker that finds out where operations of unknown outcome happened: those are its own, all others are shared. */
export function explainable(all: readonly Timed[]): readonly Timed[] {
  return all.map((timed) => (timed.operation.outcome === "info" ? { ...timed } : timed));
}

/** The operations in order of invocation, as a recording has them. */
export const byInvocation = remembered((operations: readonly Operation[]): readonly Operation[] => {
  const inOrder = operations.every(({ invokeNs }, index) => invokeNs >= (operations[index - 1]?.invokeNs ?? -Infinity));
  return inOrder ? operations : operations.toSorted((a, b) => a.invokeNs - b.invokeNs);
});
