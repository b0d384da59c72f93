/** Which packets between a member and its peers are dropped: those it is sent, those it sends, or both. */
export type PacketDirection = "in" | "out" | "both";

export interface PacketDrop {
  readonly direction: PacketDirection;
  /** 1 drops every packet; less drops each by chance. */
  readonly share: number;
}

/** A filter on a member's peer packets. */
export interface PacketFilter {
  /** As the kernel was told: `DROP 30 % in and out`. */
  readonly description: string;
  /** What the kernel says of it now; undefined where it is not in force, as while the member is down. */
  counts(): Promise<PacketCounts | undefined>;
  /** Idempotent, also while the member is down. */
  lift(): Promise<void>;
}

/** By the kernel's own counters since the filter was put on, or put on again. */
export interface PacketCounts {
  readonly in: Passage;
  readonly out: Passage;
}

export interface Passage {
  /** Peer packets that reached the filter, counted also in a direction in which none is dropped. */
  readonly seen: number;
  readonly dropped: number;
}
