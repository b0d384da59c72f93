import type { CellAccess, Value } from "../cell.ts";

/** Accesses to one register and their times, by index. `returned` is Infinity where the access may not have happened. */
export interface Accesses {
  readonly access: readonly CellAccess[];
  readonly invoked: Float64Array;
  readonly returned: Float64Array;
}

/** Stands for the write of the initial value, before everything. */
export const initially = -1;
const several = -2;

/**
 * All that touches one written value: its write, and what read it. In any legal order they lie
 * together, between this write and the next one.
 */
export interface Cluster {
  /** The access that wrote the value, or `initially`. */
  readonly writer: number;
  /** The access that had happened first, and the one that began last. */
  firstReturned: number;
  lastInvoked: number;
  /** The swap that replaced the value: its cluster comes next. */
  swappedBy: number | undefined;
}

export interface Clustering {
  readonly kind: "clusters";
  readonly clusters: readonly Cluster[];
  /** By the index of the writer. */
  readonly byWriter: ReadonlyMap<number, Cluster>;
  /** Failed swaps of values that were written: these are not in any cluster. */
  readonly misses: readonly number[];
}

/** What is wrong with a single value. */
export type Flaw =
  | { readonly kind: "unwritten"; readonly reader: number }
  /** It was read before its write began. */
  | { readonly kind: "early"; readonly reader: number; readonly writer: number }
  /** Two swaps replaced it. */
  | { readonly kind: "swapped-twice"; readonly swaps: readonly [number, number]; readonly writer: number };

/** When an access began; before everything for the initial value. */
export function invokedAt({ invoked }: Accesses, index: number): number {
  return invoked[index] ?? -Infinity;
}

/** When an access had certainly happened. */
export function returnedAt({ returned }: Accesses, index: number): number {
  return returned[index] ?? -Infinity;
}

/**
 * Groups accesses by the value that they wrote or read. Writes of unknown outcome that nobody read are left
 * out, as an order with one of them is legal without it, but for failed swaps.
 * @returns undefined when a value that was read has two writers: which of them was read is not known
 */
export function clustersOf(accesses: Accesses, initial: Value): Clustering | Flaw | undefined {
  const writers = writersOf(accesses, initial);
  const needed = neededWrites(accesses, writers);
  if (needed === undefined) return undefined;
  const first: Cluster = { writer: initially, firstReturned: initially, lastInvoked: initially, swappedBy: undefined };
  const byWriter = new Map([[initially, first]]);
  const clusters = [first];
  for (const [index, { kind }] of accesses.access.entries()) {
    if ((kind !== "write" && kind !== "swap") || (returnedAt(accesses, index) === Infinity && needed[index] !== 1)) continue;
    const cluster = { writer: index, firstReturned: index, lastInvoked: index, swappedBy: undefined };
    byWriter.set(index, cluster);
    clusters.push(cluster);
  }
  const flaw = joinReaders(accesses, writers, byWriter);
  const misses = [...accesses.access.entries()].flatMap(([index, access]) => (access.kind === "miss" && writers.has(access.from) ? [index] : []));
  return flaw ?? { kind: "clusters", clusters, byWriter, misses };
}

/** The only writer of each value, or that there are several. */
function writersOf({ access }: Accesses, initial: Value): ReadonlyMap<Value, number> {
  const writers = new Map<Value, number>([[initial, initially]]);
  for (const [index, each] of access.entries()) {
    if (each.kind !== "write" && each.kind !== "swap") continue;
    const value = each.kind === "write" ? each.value : each.to;
    writers.set(value, writers.has(value) ? several : index);
  }
  return writers;
}

/** 1 for each write whose value was found by something that happened; undefined when one such value has several writers. */
function neededWrites(accesses: Accesses, writers: ReadonlyMap<Value, number>): Uint8Array | undefined {
  const needed = new Uint8Array(accesses.access.length);
  const found: Value[] = [];
  for (const [index, access] of accesses.access.entries()) {
    const value = foundBy(access);
    if (value !== undefined && returnedAt(accesses, index) < Infinity) found.push(value);
  }
  for (let value = found.pop(); value !== undefined; value = found.pop()) {
    const writer = writers.get(value) ?? initially;
    if (writer === several) return undefined;
    if (writer === initially || needed[writer] === 1) continue;
    needed[writer] = 1;
    const access = accesses.access[writer];
    if (access?.kind === "swap" && returnedAt(accesses, writer) === Infinity) found.push(access.from);
  }
  return needed;
}

function foundBy(access: CellAccess): Value | undefined {
  return access.kind === "read" ? access.value : access.kind === "swap" ? access.from : undefined;
}

/** Puts every reader into the cluster of its value, and links swaps to what they replaced. */
function joinReaders(accesses: Accesses, writers: ReadonlyMap<Value, number>, byWriter: ReadonlyMap<number, Cluster>): Flaw | undefined {
  for (const [index, access] of accesses.access.entries()) {
    const value = access.kind === "swap" && !byWriter.has(index) ? undefined : foundBy(access);
    if (value === undefined) continue;
    const cluster = byWriter.get(writers.get(value) ?? several);
    if (cluster === undefined) return { kind: "unwritten", reader: index };
    if (access.kind === "swap") {
      if (cluster.swappedBy !== undefined) return { kind: "swapped-twice", swaps: [cluster.swappedBy, index], writer: cluster.writer };
      cluster.swappedBy = index;
      continue;
    }
    if (returnedAt(accesses, index) < invokedAt(accesses, cluster.writer)) return { kind: "early", reader: index, writer: cluster.writer };
    if (returnedAt(accesses, index) < returnedAt(accesses, cluster.firstReturned)) cluster.firstReturned = index;
    if (invokedAt(accesses, index) > invokedAt(accesses, cluster.lastInvoked)) cluster.lastInvoked = index;
  }
  return undefined;
}
