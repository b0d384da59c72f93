/**
 * One operation of a client, as any history has it, whatever system it came from. Times are numbers
 * of one clock, whatever its unit; with equal times two operations count as concurrent.
 */
export interface Call<Input, Output> {
  readonly process: number;
  readonly invoke: number;
  /** Infinity when it never returned. Only for `ok` does it say when the operation had happened. */
  readonly return: number;
  readonly input: Input;
  /** What came back; undefined when that is not known. */
  readonly output: Output | undefined;
  /** `ok` happened, `fail` certainly did not, `info` may have happened at any time from its invocation on. */
  readonly outcome: "ok" | "fail" | "info";
  /** Line of its invocation in the file it was read from, from 1 on. */
  readonly line?: number;
}

/** When the operation had certainly happened: Infinity unless it came back `ok`. */
export function happenedBy(call: Call<unknown, unknown>): number {
  return call.outcome === "ok" ? call.return : Infinity;
}
