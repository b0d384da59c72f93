import type { Finding } from "../src/check/finding.ts";
import { checkStrictSerializable } from "../src/check/strict-serializable.ts";
import type { Operation } from "../src/recording/operation.ts";
import type { WatchResponse } from "../src/recording/watch.ts";

/**
 * What more than one assertion asks of the whole history of one recording: worked out once, by whoever asks first. It belongs
 * to one judging of one recording.
 */
export class Shared {
  #byRevisions: Finding | undefined;
  #byWatchesToo: Finding | undefined;

  /** Whether the history is strictly serializable, by its revisions and what watchers were told. */
  strictSerializable(operations: readonly Operation[], watches: readonly WatchResponse[] = []): Finding {
    if (watches.length > 0) return (this.#byWatchesToo ??= checkStrictSerializable(operations, watches));
    return (this.#byRevisions ??= checkStrictSerializable(operations));
  }
}
