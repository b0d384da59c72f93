/** What can be done to a member's syncs or writes of its write-ahead log or of its database. */
export interface DiskRule {
  readonly call: DiskCall;
  readonly file: SyncedFile;
  /** Each call is held for a time between these, evenly spread, before its outcome. */
  readonly delayMs: { readonly from: number; readonly to: number };
  /** `sync`: it is done after all; `lie`: it succeeds and nothing is done; otherwise the error it fails with. */
  readonly outcome: "sync" | "lie" | DiskError;
  /** The share of calls that are hit, from 0 to 1. */
  readonly probability: number;
  /** Decides the delays and which calls are hit: the n-th call of a rule always meets the same. */
  readonly seed: number;
}

/** `sync`: fsync and fdatasync; `write`: the calls by which etcd writes the file, or allots room for it. */
export type DiskCall = "sync" | "write";

/** What the wrapper stands before: the syncs, which costs nothing to speak of, or the writes too, which takes time from each. */
export type DiskReach = "syncs" | "writes";

export type SyncedFile = "wal" | "db";
export const diskErrors = ["EIO", "ENOSPC"] as const;
export type DiskError = (typeof diskErrors)[number];

/** A rule that was put on. */
export interface DiskRuleInForce {
  /** True when the member's disk wrapper still goes by it. */
  inForce(): Promise<boolean>;
  /** How many calls came under it, and how many of them were really held to the end, failed or faked. */
  counts(): Promise<RuleCounts>;
  /** Idempotent. Calls that are held go on at once. */
  clear(): Promise<void>;
}

export interface RuleCounts {
  readonly calls: number;
  readonly applied: number;
}

/** How many syncs the member has asked for since its cluster began, over restarts, and how many really went to the system. */
export interface SyncCounts {
  readonly calls: number;
  readonly synced: number;
}
export type DiskSyncs = Readonly<Record<SyncedFile, SyncCounts>>;
