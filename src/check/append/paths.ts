import type { Graph } from "./graph.ts";

/** One edge of a path. */
export interface Step {
  readonly from: number;
  readonly to: number;
  readonly edge: number;
}

/** What a search may use. */
export interface Scope {
  /** Kinds of edges. */
  readonly mask: number;
  readonly allows: (node: number) => boolean;
}

/** Shortest paths through a graph, each in time proportional to what it has to look at. */
export class Paths {
  readonly #graph: Graph;
  readonly #isMoment: (node: number) => boolean;
  readonly #edgeTo: Int32Array;
  readonly #before: Int32Array;
  /** In which search a node was found last. */
  readonly #foundIn: Int32Array;
  #search = 0;
  #effort = 0;

  /** @param isMoment nodes that are passed through for nothing */
  constructor(graph: Graph, isMoment: (node: number) => boolean) {
    this.#graph = graph;
    this.#isMoment = isMoment;
    this.#edgeTo = new Int32Array(graph.nodeCount);
    this.#before = new Int32Array(graph.nodeCount);
    this.#foundIn = new Int32Array(graph.nodeCount);
  }

  /** How many edges were looked at, in all searches. */
  get effort(): number {
    return this.#effort;
  }

  /** The shortest path with at least one edge, so that it is a cycle where both ends are the same. */
  shortest(from: number, to: number, { mask, allows }: Scope): Step[] | undefined {
    const graph = this.#graph;
    this.#search += 1;
    this.#foundIn[from] = this.#search;
    for (let level = [from]; level.length > 0; ) {
      const next: number[] = [];
      for (let index = 0; index < level.length; index += 1) {
        const node = level[index] ?? from;
        const end = graph.begin(node + 1);
        this.#effort += end - graph.begin(node) + 1;
        for (let edge = graph.begin(node); edge < end; edge += 1) {
          if ((graph.kind(edge) & mask) === 0) continue;
          const target = graph.target(edge);
          if (target === to) return [...this.#stepsTo(node, from), { from: node, to, edge }];
          if (this.#foundIn[target] === this.#search || !allows(target)) continue;
          this.#foundIn[target] = this.#search;
          this.#edgeTo[target] = edge;
          this.#before[target] = node;
          (this.#isMoment(target) ? level : next).push(target);
        }
      }
      level = next;
    }
    return undefined;
  }

  #stepsTo(last: number, from: number): Step[] {
    const steps: Step[] = [];
    for (let node = last; node !== from; ) {
      const before = this.#before[node] ?? from;
      steps.push({ from: before, to: node, edge: this.#edgeTo[node] ?? 0 });
      node = before;
    }
    return steps.reverse();
  }
}
