import type { Compare } from "../../recording/operations/txn.ts";
import type { KeyState } from "./key-state.ts";

/**
 * Whether a compare of a transaction holds; undefined where that is not known. A key that is not there has the
 * revisions and the version 0, and no compare of its value holds.
 */
export function holds({ target, is, to }: Compare, state: KeyState): boolean | undefined {
  if (target === "value") {
    if (state.value === null) return false;
    // The history has long values by their hash, which has no order.
    return is === "=" || is === "!=" ? (state.value === to) === (is === "=") : undefined;
  }
  const actual = state.value === null ? 0 : target === "mod" ? state.mod : target === "create" ? state.create : state.version;
  if (actual === undefined) return undefined;
  switch (is) {
    case "=":
      return actual === to;
    case "!=":
      return actual !== to;
    case "<":
      return actual < to;
    case ">":
      return actual > to;
  }
}
