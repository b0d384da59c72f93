/** What can be done to a member's syncs: its fsync and fdatasync calls on the write-ahead log or on the database. */
export interface DiskRule {
  readonly file: SyncedFile;
  /** Each sync is held for a time between these, evenly spread, before its outcome. */
  readonly delayMs: { readonly from: number; readonly to: number };
  /** `sync`: it is done after all; `lie`: it succeeds and nothing is done; otherwise the error it fails with. */
  readonly outcome: "sync" | "lie" | DiskError;
  /** The share of syncs that are hit, from 0 to 1. */
  readonly probability: number;
  /** Decides the delays and which syncs are hit: the n-th sync of a rule always meets the same. */
  readonly seed: number;
}

export type SyncedFile = "wal" | "db";
export const diskErrors = ["EIO", "ENOSPC"] as const;
export type DiskError = (typeof diskErrors)[number];

/** A rule that was put on. */
export interface DiskRuleInForce {
  /** True when the member's disk wrapper still goes by it. */
  inForce(): Promise<boolean>;
  /** How many syncs came under it, and how many of them were really held to the end, failed or faked. */
  counts(): Promise<RuleCounts>;
  /** Idempotent. Syncs that are held go on at once. */
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
