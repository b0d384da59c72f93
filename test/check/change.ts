import type { Operation } from "../../src/recording/operation.ts";
import type { Random } from "../../src/random.ts";

/** Puts one thing wrong in a history that a broken store could do; undefined where there is nothing to change. */
export type Change = (history: readonly Operation[], random: Random) => Operation[] | undefined;

/** One of a list; undefined where it is empty. */
export function oneOf<Each>(random: Random, all: readonly Each[]): Each | undefined {
  return all.length === 0 ? undefined : random.pick(all);
}

/** A history with one operation for another, in order of invocation. */
export function replaced(history: readonly Operation[], each: Operation, by: Operation): Operation[] {
  return history.map((operation) => (operation === each ? by : operation)).sort((a, b) => a.invokeNs - b.invokeNs);
}
