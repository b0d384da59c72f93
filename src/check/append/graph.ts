/** Kinds of edges, as bits, so that a set of kinds is a number. */
export const kinds = { ww: 1, wr: 2, rw: 4, process: 8, realtime: 16 } as const;

/** The element of a list that makes one transaction come before another. */
export interface Reason {
  readonly key: string;
  readonly element: string;
}

/** Edges while they are collected: four numbers each. */
export class Edges {
  readonly reasons: Reason[] = [];
  #numbers = new Int32Array(4_096);
  #length = 0;

  get count(): number {
    return this.#length / 4;
  }

  /** @param reason its index among the reasons; edges of time have none */
  add(from: number, to: number, kind: number, reason = -1): void {
    if (from === to) return;
    if (this.#length === this.#numbers.length) {
      const longer = new Int32Array(2 * this.#length);
      longer.set(this.#numbers);
      this.#numbers = longer;
    }
    this.#numbers[this.#length++] = from;
    this.#numbers[this.#length++] = to;
    this.#numbers[this.#length++] = kind;
    this.#numbers[this.#length++] = reason;
  }

  from(index: number): number {
    return this.#numbers[4 * index] ?? 0;
  }

  to(index: number): number {
    return this.#numbers[4 * index + 1] ?? 0;
  }

  kind(index: number): number {
    return this.#numbers[4 * index + 2] ?? 0;
  }

  reason(index: number): number {
    return this.#numbers[4 * index + 3] ?? -1;
  }
}

/** A directed graph that is not changed any more, in arrays of numbers: millions of edges are nothing. */
export class Graph {
  readonly nodeCount: number;
  /** The edges of node n: from `starts[n]` on, below `starts[n + 1]`. */
  readonly #starts: Int32Array;
  readonly #targets: Int32Array;
  readonly #kinds: Uint8Array;
  readonly #reasonOf: Int32Array;
  readonly #reasons: readonly Reason[];

  constructor(nodeCount: number, edges: Edges) {
    const { count, reasons } = edges;
    this.nodeCount = nodeCount;
    this.#starts = new Int32Array(nodeCount + 1);
    this.#targets = new Int32Array(count);
    this.#kinds = new Uint8Array(count);
    this.#reasonOf = new Int32Array(count);
    this.#reasons = reasons;
    for (let index = 0; index < count; index += 1) this.#starts[edges.from(index) + 1] = this.begin(edges.from(index) + 1) + 1;
    for (let node = 0; node < nodeCount; node += 1) this.#starts[node + 1] = this.begin(node + 1) + this.begin(node);
    const next = this.#starts.slice();
    for (let index = 0; index < count; index += 1) {
      const edge = next[edges.from(index)] ?? 0;
      next[edges.from(index)] = edge + 1;
      this.#targets[edge] = edges.to(index);
      this.#kinds[edge] = edges.kind(index);
      this.#reasonOf[edge] = edges.reason(index);
    }
  }

  /** The first edge of a node; its last is the one before the next node's first. */
  begin(node: number): number {
    return this.#starts[node] ?? 0;
  }

  target(edge: number): number {
    return this.#targets[edge] ?? 0;
  }

  kind(edge: number): number {
    return this.#kinds[edge] ?? 0;
  }

  /** Undefined for edges of time. */
  reason(edge: number): Reason | undefined {
    return this.#reasons[this.#reasonOf[edge] ?? -1];
  }
}
