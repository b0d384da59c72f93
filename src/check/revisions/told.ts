import type { WatchEvent, WatchResponse } from "../../recording/watch.ts";
import { Coverage } from "../watch/coverage.ts";
import { asksFor, streamsOf, toldBy, type Stream } from "../watch/streams.ts";
import { watchText } from "../watch/violations.ts";
import { isWrite, mayChange } from "./changes.ts";
import type { Timed } from "./real-time.ts";

type Put = Extract<WatchEvent, { readonly type: "put" }>;

/** A key as it was put, and the watch that was told so. */
export interface ToldPut {
  readonly event: Put;
  readonly by: string;
}

/** What watches were told of writes: which happened, and, where they were told everything, which did not. */
export class Told {
  readonly #streams: readonly Stream[];
  readonly #coverage: Coverage;
  readonly #puts = new Map<string, ToldPut>();

  constructor(responses: readonly WatchResponse[]) {
    this.#streams = streamsOf(responses);
    this.#coverage = new Coverage(this.#streams);
    for (const stream of this.#streams) {
      for (const { event } of toldBy(stream)) {
        if (event.type === "put" && !this.#puts.has(nameOf(event))) this.#puts.set(nameOf(event), { event, by: watchText(stream) });
      }
    }
  }

  /** Each put once, in order of revisions. */
  get puts(): readonly ToldPut[] {
    return [...this.#puts.values()].sort((a, b) => a.event.modRevision - b.event.modRevision);
  }

  /** A watch that was told all of a revision, and not that this key was put so; undefined where there is none. */
  whoWasNotTold(put: Pick<Put, "key" | "value" | "modRevision">): string | undefined {
    if (this.#puts.has(nameOf(put))) return undefined;
    const silent = this.#streams.find((stream) => asksFor(stream, put.key) && stream.created.fromRevision <= put.modRevision && put.modRevision <= stream.upTo);
    return silent && watchText(silent);
  }

  /** Whether watches would have been told of a write, had it happened by that revision: whichever branch of a transaction. */
  wouldKnowOf({ operation, floor }: Timed, newest: number): boolean {
    if (!isWrite(operation)) return false;
    const branches = operation.op === "txn" ? [operation.success, operation.failure] : [mayChange(operation)];
    return branches.every((parts) => {
      const changing = parts.filter(({ op }) => op === "put" || op === "delete");
      return changing.length === 0 || changing.some((part) => part.op === "put" && this.#coverage.isKnown(part.key, floor + 1, newest));
    });
  }
}

function nameOf({ key, value, modRevision }: Pick<Put, "key" | "value" | "modRevision">): string {
  return `${modRevision}\n${key}\n${value}`;
}
