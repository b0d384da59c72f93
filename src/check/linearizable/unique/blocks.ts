import { initially, invokedAt, returnedAt, type Accesses, type Cluster, type Clustering } from "./clusters.ts";

/**
 * Clusters that swaps chain together. In any legal order they follow one another with nothing between
 * them, so that the whole block is one stretch of it. Without swaps each cluster is a block.
 */
export interface Block {
  readonly clusters: readonly Cluster[];
  /** The access that had happened first, and the one that began last, of the whole block. */
  readonly firstReturned: number;
  readonly lastInvoked: number;
}

/** What is wrong within a block. */
export type Break =
  /** Swaps that replaced each other's values in a ring: none can be the first. */
  | { readonly kind: "ring"; readonly swaps: readonly number[] }
  /** The later of two values had been found before something with the earlier one began. */
  | { readonly kind: "backwards"; readonly earlier: number; readonly later: number; readonly writers: readonly number[] };

/** The blocks, or what keeps their clusters from following one another. */
export function blocksOf(accesses: Accesses, { clusters, byWriter }: Clustering): readonly Block[] | Break {
  const blocks: Block[] = [];
  let placed = 0;
  for (const cluster of clusters) {
    if (cluster.writer !== initially && accesses.access[cluster.writer]?.kind !== "write") continue;
    const block = blockFrom(accesses, cluster, byWriter);
    if ("kind" in block) return block;
    blocks.push(block);
    placed += block.clusters.length;
  }
  return placed === clusters.length ? blocks : ringIn(clusters, byWriter, blocks);
}

function blockFrom(accesses: Accesses, root: Cluster, byWriter: ReadonlyMap<number, Cluster>): Block | Break {
  const clusters: Cluster[] = [];
  let { firstReturned, lastInvoked } = root;
  for (let next: Cluster | undefined = root; next !== undefined; next = next.swappedBy === undefined ? undefined : byWriter.get(next.swappedBy)) {
    clusters.push(next);
    if (next !== root && returnedAt(accesses, next.firstReturned) < invokedAt(accesses, lastInvoked)) {
      const from = clusters.findIndex((cluster) => cluster.lastInvoked === lastInvoked);
      return { kind: "backwards", earlier: lastInvoked, later: next.firstReturned, writers: clusters.slice(from).map(({ writer }) => writer) };
    }
    if (returnedAt(accesses, next.firstReturned) < returnedAt(accesses, firstReturned)) firstReturned = next.firstReturned;
    if (invokedAt(accesses, next.lastInvoked) > invokedAt(accesses, lastInvoked)) lastInvoked = next.lastInvoked;
  }
  return { clusters, firstReturned, lastInvoked };
}

/** Swaps that no write begins go round in a ring, as every value has one writer. */
function ringIn(clusters: readonly Cluster[], byWriter: ReadonlyMap<number, Cluster>, blocks: readonly Block[]): Break {
  const placed = new Set(blocks.flatMap((block) => block.clusters));
  const start = clusters.find((cluster) => !placed.has(cluster));
  const swaps: number[] = [];
  for (let next = start; next !== undefined && !swaps.includes(next.writer); next = byWriter.get(next.swappedBy ?? initially)) swaps.push(next.writer);
  return { kind: "ring", swaps };
}
