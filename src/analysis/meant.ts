import { bisector } from "d3-array";

import type { Operation } from "../recording/operation.ts";
import { remembered } from "../remembered.ts";
import type { TimeWindow } from "./windows.ts";

const intended = bisector(({ intendedNs }: Operation) => intendedNs / 1e6);

/** The operations that were meant to start in a window, in that order. Those of the whole list are put in order once. */
export function meantIn(operations: readonly Operation[], { startMs, endMs }: Pick<TimeWindow, "startMs" | "endMs">): readonly Operation[] {
  const inOrder = byIntention(operations);
  return inOrder.slice(intended.left(inOrder, startMs), intended.left(inOrder, endMs));
}

const byIntention = remembered((operations: readonly Operation[]): readonly Operation[] => {
  const inOrder = operations.every(({ intendedNs }, index) => intendedNs >= (operations[index - 1]?.intendedNs ?? -Infinity));
  return inOrder ? operations : operations.toSorted((a, b) => a.intendedNs - b.intendedNs);
});
