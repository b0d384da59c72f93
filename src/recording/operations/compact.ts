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

/** What etcd says of a revision that is compacted, wherever it is asked for. */
const compactedReason = "required revision has been compacted";

/** Whether an operation ended so: the revision that it asked for was compacted. */
export function wasCompacted({ outcome, error }: { readonly outcome: string; readonly error?: string }): boolean {
  return outcome === "fail" && error?.includes(compactedReason) === true;
}
