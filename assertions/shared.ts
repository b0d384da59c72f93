import type { Finding } from "../src/check/finding.ts";
import { checkStrictSerializable } from "../src/check/strict-serializable.ts";
import type { Operation } from "../src/recording/operation.ts";

/**
 * What more than one assertion asks of the whole history of one recording: worked out once, by whoever asks first. It belongs
 * to one judging of one recording.
 */
export class Shared {
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
