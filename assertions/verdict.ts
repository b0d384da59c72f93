import type { Counterexample } from "../src/check/counterexample.ts";

/** Something in the recording that a reader can look up. Times are on the run's clock. */
export interface Evidence {
  readonly kind: "metric" | "log" | "operation" | "event" | "status" | "health" | "window";
  readonly atMs: number;
  /** Set where the evidence is a stretch of time. */
  readonly endMs?: number;
  readonly member?: string;
  /** What is to be seen there, with figures: `etcd-2 elected leader at term 3`. */
  readonly text: string;
}

export type Outcome = "pass" | "fail" | "inconclusive";

/**
 * What an assertion has to say. `inconclusive` means that the recording cannot tell:
 * no data is never a pass.
 */
export interface Verdict {
  readonly outcome: Outcome;
  /** What was seen, with unit: `1 change, new leader after 1.21 s`. */
  readonly observed: string;
  /** What was asked for: `at least 1 change, new leader within 5 s`. */
  readonly bound: string;
  /** One sentence for a fail or an inconclusive: what is wrong, or what is missing. */
  readonly reason?: string;
  readonly evidence: readonly Evidence[];
  /** For a history that breaks a promise: the few operations that show it. */
  readonly counterexample?: Counterexample;
  /** Of an assertion with several promises all that are broken; the counterexample is of the first. */
  readonly broken?: readonly string[];
}

const severity = { pass: 0, inconclusive: 1, fail: 2 } as const;

/** The worst of several: one fail makes a fail, else one inconclusive makes it inconclusive; of none, inconclusive. */
export function worst(outcomes: readonly Outcome[]): Outcome {
  const [first, ...rest] = outcomes;
  if (first === undefined) return "inconclusive";
  return rest.reduce((bad, outcome) => (severity[outcome] > severity[bad] ? outcome : bad), first);
}

/** What a judged assertion counts as: what was expected to be violated and is keeps no run from passing. */
export function countsAs({ verdict, expected }: { readonly verdict: Pick<Verdict, "outcome">; readonly expected?: true | undefined }): Outcome {
  return expected === true ? "pass" : verdict.outcome;
}
