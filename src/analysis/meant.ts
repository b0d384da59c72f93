import { bisector } from "d3-array";

import type { Operation } from "../recording/operation.ts";
import type { TimeWindow } from "./windows.ts";

/** A recording's operations do not change, and many ask for those of a window. */
const sorted = new WeakMap<readonly Operation[], readonly Operation[]>();

const intended = bisector(({ intendedNs }: Operation) => intendedNs / 1e6);

/** The operations that were meant to start in a window, in that order. Those of the whole list are put in order once. */
export function meantIn(operations: readonly Operation[], { startMs, endMs }: Pick<TimeWindow, "startMs" | "endMs">): readonly Operation[] {
  const inOrder = sorted.get(operations) ?? byIntention(operations);
  sorted.set(operations, inOrder);
  return inOrder.slice(intended.left(inOrder, startMs), intended.left(inOrder, endMs));
}

function byIntention(operations: readonly Operation[]): readonly Operation[] {
  const inOrder = operations.every(({ intendedNs }, index) => intendedNs >= (operations[index - 1]?.intendedNs ?? -Infinity));
  return inOrder ? operations : operations.toSorted((a, b) => a.intendedNs - b.intendedNs);
}
