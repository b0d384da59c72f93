import type { Counterexample } from "../../check/counterexample.ts";
import type { NumberedAssertion } from "./evidence.ts";

/** A picture, and the assertions that the same operations break. */
export interface DrawnCounterexample {
  /** Anchor in the page. */
  readonly id: string;
  readonly counterexample: Counterexample;
  /** In the order of the table; one at least. */
  readonly shows: readonly NumberedAssertion[];
}

/** Of assertions in order: operations that break several of them in the same way are drawn once. */
export function drawnCounterexamples(assertions: readonly NumberedAssertion[]): DrawnCounterexample[] {
  const drawn = new Map<string, { id: string; counterexample: Counterexample; shows: NumberedAssertion[] }>();
  for (const numbered of assertions) {
    const { counterexample } = numbered.assertion.verdict;
    if (counterexample === undefined) continue;
    const key = pictureOf(counterexample);
    const known = drawn.get(key);
    if (known === undefined) drawn.set(key, { id: `c${numbered.number}`, counterexample, shows: [numbered] });
    else known.shows.push(numbered);
  }
  return [...drawn.values()];
}

/** Two that have this in common are the same to look at: operations of the same times, of which the same is illegal. Texts may be very long. */
function pictureOf({ clock, operations, illegal }: Counterexample): string {
  const times = operations.map(({ invoke, return: returned }) => `${invoke} ${returned ?? "open"}`).sort();
  return [clock, operations.find(({ name }) => name === illegal)?.invoke, ...times].join(", ");
}
