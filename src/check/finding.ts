import type { Operation } from "../recording/operation.ts";

/**
 * What a checker found in a history, whichever checker and whatever its operations are. `unknown`
 * stands between the others: nothing wrong was found, and not everything was looked at.
 */
export type Finding<Op = Operation> = Ok | Violated<Op> | Unknown;

export interface Ok {
  readonly kind: "ok";
  /** How many operations bear it out. */
  readonly checked: number;
}

/** A counterexample that a person can read. */
export interface Violated<Op = Operation> {
  readonly kind: "violated";
  /** The promise that was broken, in few words and the same each time: `stale read`, `duplicate revision`. */
  readonly rule: string;
  /** What is wrong, as one sentence with names and figures. */
  readonly sentence: string;
  /** The smallest set of operations that shows it, in order of invocation; the illegal one is among them. */
  readonly operations: readonly Op[];
  /** The first operation that cannot be explained. */
  readonly illegal: Op;
  /** The last one before it that can, where there is an order. */
  readonly legal?: Op;
  /** The state that was to be expected, and the one that was seen, where that helps: `k7 = 3-12 of revision 40`. */
  readonly expected?: string;
  readonly seen?: string;
  /** Where a ring of what comes before what shows it: each before the next, and the last before the first. */
  readonly order?: readonly Precedence<Op>[];
  /** What operations did in the checker's own terms, where these tell more than what was asked of etcd: `append 4k to a0`. */
  readonly did?: ReadonlyMap<Op, string>;
  /** What one of the operations is known to have begun, where that it lasted is a part of what is wrong. */
  readonly lasting?: readonly Lasting<Op>[];
}

/** One operation comes before another. */
export interface Precedence<Op = Operation> {
  readonly from: Op;
  readonly to: Op;
  /** `ww`, `wr`, `rw`, `process`, `realtime`. */
  readonly kind: string;
  /** Why, in words that follow the first one's name; `%` stands for the name of the other: `read a0 without 4k, which % appended`. */
  readonly why: string;
}

/** A lock that is held or a lease that lives, on the clock of the operations. */
export interface Lasting<Op = Operation> {
  readonly by: Op;
  readonly from: number;
  readonly to: number;
  /** `holds lock l0 with token 50`. */
  readonly what: string;
}

export interface Unknown {
  readonly kind: "unknown";
  /** What it lacks: `the time budget of 10 s is spent`. */
  readonly because: string;
  /** How far it came. */
  readonly checked: number;
  readonly of: number;
}
