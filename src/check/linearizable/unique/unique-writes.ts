import { bisector } from "d3-array";
import type { Value } from "../cell.ts";
import { blocksOf, type Block, type Break } from "./blocks.ts";
import { clustersOf, invokedAt, returnedAt, type Accesses, type Flaw } from "./clusters.ts";

/** A block with the two of its calls that put it before and after another: one had returned early, one began late. */
export interface Side {
  readonly block: Block;
  readonly early: number;
  readonly late: number;
}

/** Two blocks of which each must come before the other: the early call of each had returned before the late one of the other began. */
export interface Crossing {
  readonly kind: "crossing";
  readonly one: Side;
  readonly other: Side;
}

/** Why no order of the accesses is legal. */
export type Conflict = Flaw | Break | Crossing;

export type UniqueWritesVerdict =
  | { readonly kind: "legal" }
  | { readonly kind: "illegal"; readonly conflict: Conflict }
  /** Legal but for failed swaps, which only a search can place; or it is not known which write was read. */
  | { readonly kind: "undecided" };

/**
 * Decides a register's history in O(n log n) where every value that was read has one writer (Gibbons
 * and Korach, Testing Shared Memories, 1997), extended to swaps, whose values follow one another, and to
 * writes of unknown outcome, which happened when their value was read and need not have otherwise.
 *
 * A block is a stretch of any legal order. One must come before another when something of the first
 * had returned before something of the second began. Such a relation has a cycle only where it has one of two
 * blocks: the one that returned first and the one that began last of a cycle point at each other.
 */
export function checkUniqueWrites(accesses: Accesses, initial: Value): UniqueWritesVerdict {
  const clustering = clustersOf(accesses, initial);
  if (clustering === undefined) return { kind: "undecided" };
  if (clustering.kind !== "clusters") return { kind: "illegal", conflict: clustering };
  const blocks = blocksOf(accesses, clustering);
  if ("kind" in blocks) return { kind: "illegal", conflict: blocks };
  const conflict = crossingIn(accesses, blocks);
  if (conflict !== undefined) return { kind: "illegal", conflict };
  return { kind: clustering.misses.length === 0 ? "legal" : "undecided" };
}

/**
 * Blocks point at each other in two cases: both have a first return before their last invocation (forward
 * zones), and these stretches overlap; or one has not, and lies within the stretch of one that has.
 */
function crossingIn(accesses: Accesses, blocks: readonly Block[]): Crossing | undefined {
  const startOf = (block: Block): number => returnedAt(accesses, block.firstReturned);
  const endOf = (block: Block): number => invokedAt(accesses, block.lastInvoked);
  const isForward = (block: Block): boolean => startOf(block) < endOf(block);
  const forward = blocks.filter(isForward).sort((a, b) => startOf(a) - startOf(b));
  for (const [index, next] of forward.entries()) {
    const before = forward[index - 1];
    if (before !== undefined && startOf(next) < endOf(before)) return crossingOf(accesses, before, next);
  }
  for (const inner of blocks) {
    if (isForward(inner)) continue;
    const outer = lastStartingBefore(forward, startOf, endOf(inner));
    if (outer !== undefined && startOf(inner) < endOf(outer)) return crossingOf(accesses, outer, inner);
  }
  return undefined;
}

/** Takes the writes themselves to show it where they do. */
function crossingOf(accesses: Accesses, one: Block, other: Block): Crossing {
  const writer = ({ clusters }: Block, fits: (call: number) => boolean): number | undefined => clusters.find((cluster) => fits(cluster.writer))?.writer;
  const pair = (first: Block, second: Block): readonly [early: number, late: number] => {
    const late = writer(second, (call) => invokedAt(accesses, call) > returnedAt(accesses, first.firstReturned)) ?? second.lastInvoked;
    return [writer(first, (call) => returnedAt(accesses, call) < invokedAt(accesses, late)) ?? first.firstReturned, late];
  };
  const [earlyOne, lateOther] = pair(one, other);
  const [earlyOther, lateOne] = pair(other, one);
  return { kind: "crossing", one: { block: one, early: earlyOne, late: lateOne }, other: { block: other, early: earlyOther, late: lateOther } };
}

/** The last of blocks in the order of their starts that starts before a time. */
function lastStartingBefore(sorted: readonly Block[], startOf: (block: Block) => number, time: number): Block | undefined {
  return sorted[bisector(startOf).left(sorted, time) - 1];
}
