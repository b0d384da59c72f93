import type { Finding } from "../src/check/finding.ts";
import { checkStrictSerializable } from "../src/check/strict-serializable.ts";
import { worstWait, type MachineWait } from "../src/analysis/machine-waits.ts";
import type { Stretch } from "../src/analysis/coverage.ts";
import type { Operation } from "../src/recording/operation.ts";

/**
 * What more than one assertion asks of the whole history of one recording: worked out once, by whoever asks first. It belongs
 * to one judging of one recording.
 */
export class Shared {
  readonly #waits: readonly MachineWait[];

  /** @param waits what is judged as if it had not been: waits of processes for a CPU, in order of time */
  constructor(waits: readonly MachineWait[] = []) {
    this.#waits = waits;
  }

  /** Of a stretch the part in which none of these processes waited for a CPU: all of it, unless it is judged as if nobody had. */
  unwaited(stretch: Stretch, processes: readonly string[]): number {
    return 1 - (worstWait(this.#waits.filter(({ process }) => processes.includes(process)), stretch)?.share ?? 0);
  }

  #strict: Finding | undefined;
  #byAnswers: Finding | undefined;

  /** Whether the history is strictly serializable, by all that is known beside it. */
  strictSerializable(...[operations, watches, given]: Parameters<typeof checkStrictSerializable>): Finding {
    return (this.#strict ??= checkStrictSerializable(operations, watches, given));
  }

  /** The same by the answers of the history alone: what fits all that is known fits these. */
  serialOrder(operations: readonly Operation[]): Finding {
    if (this.#strict?.kind === "ok") return this.#strict;
    return (this.#byAnswers ??= checkStrictSerializable(operations));
  }
}
