import type { Random } from "../random.ts";
import type { Options } from "./sketch.ts";

/** A kind of fault that is drawn, with the limits within which it tells something of etcd, and not of the fault. */
export interface MenuItem {
  readonly kind: string;
  /** Whom it may hit; each is one member, but for `minority` and `all`. */
  readonly targets: readonly string[];
  /** Whether the targets are lost to the cluster meanwhile. */
  readonly loses: boolean;
  /** Takes so long at least until it has bitten and shown it. */
  readonly leastMs: number;
  options(random: Random): Options;
}

const oneMember = ["leader", "follower", "random"] as const;
const some = [...oneMember, "minority"] as const;
const none = (): Options => ({});
const ms = (random: Random, least: number, most: number): string => `${random.int(least, most)}ms`;
const share = (random: Random, ...shares: readonly number[]): number => random.pick(shares);

/**
 * Faults after which etcd still owes all its promises. Left out are those that break them by themselves (a lying disk, a
 * damaged file, a restored snapshot, clocks that leases go by), those that end the run of a member for good, and those that take
 * longer to be shown than a search has time for.
 */
export const faultMenu: readonly MenuItem[] = [
  { kind: "partition", targets: some, loses: true, leastMs: 1_500, options: (random) => random.pick<Options>([{ mode: "blocking" }, { mode: "closing" }, { direction: "in" }, { direction: "out" }]) },
  { kind: "packet-drop", targets: some, loses: true, leastMs: 1_500, options: none },
  { kind: "pause", targets: some, loses: true, leastMs: 1_000, options: none },
  { kind: "kill", targets: some, loses: true, leastMs: 1_000, options: none },
  { kind: "stop", targets: some, loses: true, leastMs: 1_000, options: none },
  { kind: "restart", targets: oneMember, loses: true, leastMs: 2_500, options: (random) => ({ graceful: random.pick([true, false]) }) },
  { kind: "crash-loop", targets: oneMember, loses: true, leastMs: 3_000, options: none },
  { kind: "rolling-restart", targets: ["all"], loses: true, leastMs: 4_000, options: (random) => ({ graceful: random.pick([true, false]) }) },
  { kind: "latency", targets: [...some, "all"], loses: false, leastMs: 1_500, options: (random) => ({ latency: ms(random, 10, 120), on: random.pick(["peers", "peers", "clients"]) }) },
  { kind: "reset", targets: [...some, "all"], loses: false, leastMs: 1_500, options: (random) => ({ on: "clients", toxicity: share(random, 0.3, 0.6, 1), stream: random.pick(["upstream", "downstream"]) }) },
  { kind: "limit-data", targets: [...some, "all"], loses: false, leastMs: 1_500, options: (random) => ({ on: "clients", bytes: random.pick([2_000, 20_000]) }) },
  { kind: "packet-loss", targets: some, loses: false, leastMs: 2_000, options: (random) => ({ share: share(random, 0.1, 0.3) }) },
  { kind: "slow-fsync", targets: [...some, "all"], loses: false, leastMs: 3_000, options: (random) => ({ delay: ms(random, 50, 250), files: random.pick(["wal", "wal", "both"]) }) },
  { kind: "compact", targets: ["leader", "follower"], loses: false, leastMs: 500, options: (random) => ({ keep: random.pick([0, 0, 5, 50]), physical: random.pick([true, false]) }) },
  { kind: "defrag", targets: [...oneMember, "all"], loses: false, leastMs: 1_000, options: none },
  { kind: "move-leader", targets: ["leader"], loses: false, leastMs: 1_000, options: none },
];
