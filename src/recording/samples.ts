/** What one `Status` call to a member said, or why it failed: a line of `status.jsonl`. */
export type StatusSample = {
  readonly kind: "status";
  /** When the answer came. */
  readonly atMs: number;
  readonly member: string;
} & (
  | {
      readonly ok: true;
      /** Name of the member that this one takes for the leader; null: none. */
      readonly leader: string | null;
      readonly term: number;
      readonly revision: number;
      readonly raftIndex: number;
      readonly appliedIndex: number;
    }
  | { readonly ok: false; readonly error: string }
);

/** A member that has not answered by then counts as unhealthy. */
export const healthLimitMs = 1_000;

/** What `/health` said: `serializable` asks only this member, without it a quorum has to answer. */
export interface HealthSample {
  readonly kind: "health";
  readonly atMs: number;
  readonly member: string;
  readonly serializable: boolean;
  readonly healthy: boolean;
  readonly tookMs: number;
  /** Why it is not healthy: etcd's own reason, or the error of the request. */
  readonly reason?: string;
}

/**
 * What a member said of the hash of its store (etcd's HashKV), or why it did not: a line of `status.jsonl`. All members
 * are asked for one revision, once the load has ended.
 */
export type HashSample = {
  readonly kind: "hash";
  readonly atMs: number;
  readonly member: string;
  /** Of which revision all were asked for the hash. */
  readonly atRevision: number;
} & (
  | {
      readonly ok: true;
      /** Over all revisions up to that one, without what was compacted. */
      readonly hash: number;
      /** Up to which revision the member had compacted; -1: never. */
      readonly compactRevision: number;
      /** The member's present one. */
      readonly revision: number;
    }
  | {
      readonly ok: false;
      readonly error: string;
      /** It follows the log without a vote, and tells no hash for that reason. */
      readonly learner?: true;
    }
);

/**
 * One scrape of a member's `/metrics`: a line of `metrics.jsonl`. `values` holds what
 * changed since the member's last scrape, keyed as in the exposition format
 * (`name{label="value"}`); with `full` it holds everything, and what is missing is gone.
 */
export type MetricsSample = { readonly atMs: number; readonly member: string } & (
  | { readonly full: boolean; readonly values: Readonly<Record<string, number>> }
  | { readonly error: string }
);
