/** Kinds of edges, as bits, so that a set of kinds is a number. */
export const kinds = { ww: 1, wr: 2, rw: 4, process: 8, realtime: 16 } as const;

/** The element of a list that makes one transaction come before another. */
export interface Reason {
  readonly key: string;
  readonly element: string;
}

/** Edges while they are collected. */
export class Edges {
  readonly from: number[] = [];
  readonly to: number[] = [];
  readonly kind: number[] = [];
  readonly reason: number[] = [];
  readonly reasons: Reason[] = [];

  /** @param reason its index among the reasons; edges of time have none */
  add(from: number, to: number, kind: number, reason = -1): void {
    if (from === to) return;
    this.from.push(from);
    this.to.push(to);
    this.kind.push(kind);
    this.reason.push(reason);
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

  constructor(nodeCount: number, { from, to, kind, reason, reasons }: Edges) {
    this.nodeCount = nodeCount;
    this.#starts = new Int32Array(nodeCount + 1);
    this.#targets = new Int32Array(from.length);
    this.#kinds = new Uint8Array(from.length);
    this.#reasonOf = new Int32Array(from.length);
    this.#reasons = reasons;
    for (const node of from) this.#starts[node + 1] = this.begin(node + 1) + 1;
    for (let node = 0; node < nodeCount; node += 1) this.#starts[node + 1] = this.begin(node + 1) + this.begin(node);
    const next = this.#starts.slice();
    for (let index = 0; index < from.length; index += 1) {
      const node = from[index] ?? 0;
      const edge = next[node] ?? 0;
      next[node] = edge + 1;
      this.#targets[edge] = to[index] ?? 0;
      this.#kinds[edge] = kind[index] ?? 0;
      this.#reasonOf[edge] = reason[index] ?? -1;
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
