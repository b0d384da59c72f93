import type { Graph } from "./graph.ts";

/** The strongly connected components of a graph: every cycle is within one of them. */
export interface Components {
  /** The component of each node. */
  readonly of: Int32Array;
  /** Nodes of components that have more than one. */
  readonly onCycles: readonly number[];
}

/**
 * Tarjan's algorithm without recursion, in time proportional to nodes and edges.
 *
 * @param mask kinds of edges that count
 */
export function componentsOf(graph: Graph, mask: number): Components {
  const { nodeCount } = graph;
  const of = new Int32Array(nodeCount).fill(-1);
  // 0: not yet found; else one more than the order of finding.
  const found = new Int32Array(nodeCount);
  const low = new Int32Array(nodeCount);
  const nextEdge = new Int32Array(nodeCount);
  const path = new Int32Array(nodeCount);
  const open = new Int32Array(nodeCount);
  const onCycles: number[] = [];
  let [depth, opened, foundCount, components] = [0, 0, 0, 0];

  const enter = (node: number): void => {
    foundCount += 1;
    found[node] = foundCount;
    low[node] = foundCount;
    nextEdge[node] = graph.begin(node);
    path[depth++] = node;
    open[opened++] = node;
  };
  const lower = (node: number, to: number): void => {
    if (to < (low[node] ?? 0)) low[node] = to;
  };
  /** The next edge of a node leads deeper, or there is none left. */
  const advance = (node: number): boolean => {
    const end = graph.begin(node + 1);
    for (let edge = nextEdge[node] ?? end; edge < end; edge += 1) {
      if ((graph.kind(edge) & mask) === 0) continue;
      const target = graph.target(edge);
      if (found[target] === 0) {
        nextEdge[node] = edge + 1;
        enter(target);
        return true;
      }
      if (of[target] === -1) lower(node, found[target] ?? 0);
    }
    return false;
  };
  const leave = (node: number): void => {
    depth -= 1;
    if (depth > 0) lower(path[depth - 1] ?? 0, low[node] ?? 0);
    if (low[node] !== found[node]) return;
    const isAlone = open[opened - 1] === node;
    for (let member = -1; member !== node; ) {
      member = open[--opened] ?? node;
      of[member] = components;
      if (!isAlone) onCycles.push(member);
    }
    components += 1;
  };

  for (let root = 0; root < nodeCount; root += 1) {
    if (found[root] !== 0) continue;
    enter(root);
    while (depth > 0) {
      const node = path[depth - 1] ?? 0;
      if (!advance(node)) leave(node);
    }
  }
  return { of, onCycles };
}
