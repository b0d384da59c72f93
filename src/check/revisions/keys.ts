import { bisectLeft } from "d3-array";
import type { Operation } from "../../recording/operation.ts";
import { isBelow } from "./changes.ts";

/** All keys that a history names, to be found by range. */
export class Keys {
  readonly #sorted: readonly string[];

  constructor(operations: readonly Operation[]) {
    const names = new Set<string>();
    for (const operation of operations) addKeys(operation, names);
    this.#sorted = [...names].sort();
  }

  /** Those from `from` on that are below `end`, in order. */
  within(from: string, end: string): readonly string[] {
    const first = bisectLeft(this.#sorted, from);
    let next = first;
    for (let key = this.#sorted[next]; key !== undefined && isBelow(key, end); key = this.#sorted[next]) next += 1;
    return this.#sorted.slice(first, next);
  }
}

/** Keys that are written, or found in a range: of others nothing can be said. */
function addKeys(operation: Operation, names: Set<string>): void {
  switch (operation.op) {
    case "put":
      names.add(operation.key);
      break;
    case "range":
      for (const { key } of operation.kvs ?? []) names.add(key);
      break;
    case "txn":
      for (const part of [...operation.success, ...operation.failure]) if (part.op === "put") names.add(part.key);
      break;
    default:
  }
}
