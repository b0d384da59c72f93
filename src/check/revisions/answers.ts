import type { Timed } from "./real-time.ts";

/** Operations whose answers are still to come, the first to return on top: a binary heap. */
export class Answers {
  readonly #heap: Timed[] = [];

  add(timed: Timed): void {
    const heap = this.#heap;
    let hole = heap.push(timed) - 1;
    while (hole > 0) {
      const above = (hole - 1) >> 1;
      const parent = heap[above];
      if (parent === undefined || parent.operation.returnNs <= timed.operation.returnNs) break;
      heap[hole] = parent;
      hole = above;
    }
    heap[hole] = timed;
  }

  /** Takes the first one that returned before a moment; undefined when there is none. */
  takeBefore(atNs: number): Timed | undefined {
    const top = this.#heap[0];
    if (top === undefined || top.operation.returnNs >= atNs) return undefined;
    const last = this.#heap.pop();
    if (last !== undefined && last !== top) this.#sink(last);
    return top;
  }

  #sink(timed: Timed): void {
    const heap = this.#heap;
    let hole = 0;
    for (;;) {
      const left = heap[2 * hole + 1];
      const right = heap[2 * hole + 2];
      if (left === undefined) break;
      const rightFirst = right !== undefined && right.operation.returnNs < left.operation.returnNs;
      const child = rightFirst ? right : left;
      if (child.operation.returnNs >= timed.operation.returnNs) break;
      heap[hole] = child;
      hole = 2 * hole + (rightFirst ? 2 : 1);
    }
    heap[hole] = timed;
  }
}
