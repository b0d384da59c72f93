import type { RunningCluster, RuntimeKind } from "../../../src/cluster/cluster.ts";
import type { Member } from "../../../src/cluster/member.ts";
import type { Sorted } from "../live-faults.ts";

/** One fault with its options, and what it must do to a healthy cluster of three. */
export interface FaultCase {
  readonly kind: string;
  /** Completes the sentence: `partition (one way out of the leader)`. */
  readonly title: string;
  readonly options?: object;
  targets(sorted: Sorted): readonly Member[];
  /** An independent look while it is in force, past the fault's own proofs. */
  look?(cluster: RunningCluster, sorted: Sorted): Promise<void>;
  /** Runtimes in which it cannot be had, each with the reason. */
  readonly gaps?: Partial<Readonly<Record<RuntimeKind, string>>>;
  /** It is done in one go, so that there is nothing left to interrupt. */
  readonly oneShot?: boolean;
}
