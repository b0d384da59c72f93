import type { Graph } from "./graph.ts";

/**
 * The place of each node in an order that agrees with all edges of a kind; those that are on a cycle or behind one are
 * at Infinity. Among those that may come next the one of the lowest rank does, which keeps what was at one time together.
 */
export function topologicalOrder(graph: Graph, mask: number, rank: (node: number) => number): Float64Array {
  const { nodeCount } = graph;
  const missing = new Int32Array(nodeCount);
  const edges = graph.begin(nodeCount);
  for (let edge = 0; edge < edges; edge += 1) if ((graph.kind(edge) & mask) !== 0) missing[graph.target(edge)] = (missing[graph.target(edge)] ?? 0) + 1;
  const places = new Float64Array(nodeCount).fill(Infinity);
  const ready = new Ready(rank);
  for (let node = 0; node < nodeCount; node += 1) if (missing[node] === 0) ready.add(node);
  let place = 0;
  for (let node = ready.take(); node !== undefined; node = ready.take()) {
    places[node] = place++;
    for (let edge = graph.begin(node); edge < graph.begin(node + 1); edge += 1) {
      if ((graph.kind(edge) & mask) === 0) continue;
      const target = graph.target(edge);
      const left = (missing[target] ?? 0) - 1;
      missing[target] = left;
      if (left === 0) ready.add(target);
    }
  }
  return places;
}

/** Nodes, the one of the lowest rank on top: a binary heap. */
class Ready {
  readonly #heap: number[] = [];
  readonly #rank: (node: number) => number;

  constructor(rank: (node: number) => number) {
    this.#rank = rank;
  }

  add(node: number): void {
    const heap = this.#heap;
    let hole = heap.push(node) - 1;
    for (let above = (hole - 1) >> 1; hole > 0 && this.#rankAt(above) > this.#rank(node); above = (hole - 1) >> 1) {
      heap[hole] = heap[above] ?? node;
      hole = above;
    }
    heap[hole] = node;
  }

  take(): number | undefined {
    const top = this.#heap[0];
    const last = this.#heap.pop();
    if (last !== undefined && this.#heap.length > 0) this.#sink(last);
    return top;
  }

  #sink(node: number): void {
    const heap = this.#heap;
    let hole = 0;
    for (let child = 1; child < heap.length; child = 2 * hole + 1) {
      if (this.#rankAt(child + 1) < this.#rankAt(child)) child += 1;
      if (this.#rankAt(child) >= this.#rank(node)) break;
      heap[hole] = heap[child] ?? node;
      hole = child;
    }
    heap[hole] = node;
  }

  #rankAt(index: number): number {
    const node = this.#heap[index];
    return node === undefined ? Infinity : this.#rank(node);
  }
}
