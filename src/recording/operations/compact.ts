import { isInteger, type Loose } from "../loose.ts";

/** Drops the history before a revision: what was then can be read no more. */
export interface CompactRequest {
  readonly op: "compact";
  readonly atRevision: number;
}

/** A compaction is answered by the present revision alone. */
export type CompactAnswer = object;

/** Whether a parsed line has what a compaction's line has to have. */
export function isCompact({ atRevision }: Loose<CompactRequest>): boolean {
  return isInteger(atRevision);
}
