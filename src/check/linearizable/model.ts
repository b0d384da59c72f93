import type { CellAccess } from "./cell.ts";

/** What `step` answers where no object in this state gives this output. */
export const illegal = Symbol("illegal");

/**
 * A sequential object as pure functions: what each operation does when they come one after another.
 * It is deterministic: the input and the state decide the next state, the output only confirms them.
 */
export interface Model<State, Input, Output> {
  readonly name: string;
  readonly initial: State;
  /** The state after the operation. An undefined output is unknown and excludes nothing. */
  step(state: State, input: Input, output: Output | undefined): State | typeof illegal;
  /** Equal for equal states, and for no others. */
  stateKey(state: State): string | number;
  /** Equal for inputs that do the same in every state. */
  inputKey(input: Input): string;
  outputKey(output: Output | undefined): string;
  /** Whether the operation changes no state in which it is legal: a read, a failed compare-and-swap. */
  observes(input: Input, output: Output | undefined): boolean;
  /** Whether the operation is legal everywhere and leaves the same state wherever it came from: a plain write. */
  overwrites(input: Input): boolean;
  /** Operations of different parts do not touch each other, so that each part is checked by itself. */
  partOf?(input: Input): string;
  /** The operation as one on a register, where it is one: registers have faster checks. */
  asCell?(input: Input, output: Output | undefined): CellAccess | undefined;
  /** `write 3`, `read 4`; with what came back. */
  describe(input: Input, output: Output | undefined): string;
  /** `the value is 4`. */
  describeState(state: State): string;
}
