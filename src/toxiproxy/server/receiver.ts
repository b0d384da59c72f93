import type { Chunk } from "./chunk-queue.ts";

/**
 * How a stream ends: `fin` when its sender has finished writing and may go on
 * reading, `close` when the connection is to be closed altogether.
 */
export type Ending = "fin" | "close";

/** What takes a stream's chunks: a toxic's stage, or the sink at the end of the link. */
export interface Receiver {
  /** True while nothing should be pushed; `onRoom` is called when it becomes false. */
  readonly full: boolean;
  onRoom: () => void;
  push(chunk: Chunk): void;
  end(ending: Ending): void;
}
