/** A call as it is told. */
export interface ShownCall {
  readonly process: number;
  readonly invoke: number;
  /** Null when it never returned. */
  readonly return: number | null;
  /** `read of 7`. */
  readonly what: string;
  readonly outcome: "ok" | "info";
  /** In the file that it was read from. */
  readonly line?: number;
}

/** Why a history is not linearizable. */
export interface Counterexample {
  /** One sentence without a full stop that names what cannot be. */
  readonly sentence: string;
  /** The key, where keys are checked one by one. */
  readonly part?: string;
  /** Calls that cannot be put in order, as few as were found, by when they began. */
  readonly calls: readonly ShownCall[];
  /** What can be left out of them is left out. */
  readonly minimal: boolean;
  /** The first of them that cannot have happened by its return. */
  readonly firstIllegal: ShownCall;
  /** What the state could be until then: `the value is 4`. */
  readonly lastStates: readonly string[];
}

/** What a check has to say. `calls` were looked at; failed ones, and reads without a result, say nothing. */
export type LinearizableResult =
  | { readonly outcome: "pass"; readonly calls: number; readonly parts: number }
  | { readonly outcome: "fail"; readonly calls: number; readonly parts: number; readonly counterexample: Counterexample }
  | { readonly outcome: "inconclusive"; readonly calls: number; readonly parts: number; readonly reason: string };
