import type { Timed } from "./real-time.ts";

/**
 * Operations whose answers are still to come, the first to return on top: a binary heap. Their times lie beside them, as most
 * of the work is to compare these.
 */
export class Answers {
  readonly #heap: Timed[] = [];
  readonly #returnsNs: number[] = [];

  add(timed: Timed): void {
    const [heap, returnsNs] = [this.#heap, this.#returnsNs];
    const { returnNs } = timed.operation;
    let hole = heap.push(timed) - 1;
    returnsNs.push(returnNs);
    while (hole > 0) {
      const above = (hole - 1) >> 1;
      const [parent, parentNs] = [heap[above], returnsNs[above]];
      if (parent === undefined || parentNs === undefined || parentNs <= returnNs) break;
      heap[hole] = parent;
      returnsNs[hole] = parentNs;
      hole = above;
    }
    heap[hole] = timed;
    returnsNs[hole] = returnNs;
  }

  /** Takes the first one that returned before a moment; undefined when there is none. */
  takeBefore(atNs: number): Timed | undefined {
    if ((this.#returnsNs[0] ?? Infinity) >= atNs) return undefined;
    const top = this.#heap[0];
    const [last, lastNs] = [this.#heap.pop(), this.#returnsNs.pop()];
    if (last !== undefined && lastNs !== undefined && last !== top) this.#sink(last, lastNs);
    return top;
  }

  #sink(timed: Timed, returnNs: number): void {
    const [heap, returnsNs] = [this.#heap, this.#returnsNs];
    let hole = 0;
    for (;;) {
      const left = 2 * hole + 1;
      const first = (returnsNs[left + 1] ?? Infinity) < (returnsNs[left] ?? Infinity) ? left + 1 : left;
      const [child, childNs] = [heap[first], returnsNs[first]];
      if (child === undefined || childNs === undefined || childNs >= returnNs) break;
      heap[hole] = child;
      returnsNs[hole] = childNs;
      hole = first;
    }
    heap[hole] = timed;
    returnsNs[hole] = returnNs;
  }
}
