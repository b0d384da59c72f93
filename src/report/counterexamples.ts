import type { Counterexample } from "../check/counterexample.ts";
import type { Results } from "../judge/results.ts";
import type { Recording } from "../recording/recording.ts";

/** A counterexample with the assertion that it is of. */
export interface AssertedCounterexample extends Counterexample {
  readonly assertion: { readonly kind: string; readonly title: string };
}

/** `counterexamples.json`: what breaks a promise, operation by operation; an empty list where nothing does. */
export function renderCounterexamples(_recording: Recording, { scenario, seed, assertions }: Results): string {
  const counterexamples = assertions.flatMap(({ kind, title, verdict: { counterexample } }): AssertedCounterexample[] => (counterexample === undefined ? [] : [{ assertion: { kind, title }, ...counterexample }]));
  return `${JSON.stringify({ format: 1, scenario, seed, counterexamples }, undefined, 2)}\n`;
}
