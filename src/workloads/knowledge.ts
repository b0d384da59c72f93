import type { Operation } from "../recording/operation.ts";
import type { Compare } from "../recording/operations/txn.ts";

interface Known {
  readonly value: string | null;
  readonly mod: number;
}

const nothing: Known = { value: null, mod: 0 };

/** What the clients of a workload know of its keys, from the answers to their transactions. It may be of the past. */
export class Knowledge {
  readonly #known = new Map<string, Known>();

  /** null: there is no such key, or nobody has heard of it. */
  value(key: string): string | null {
    return this.#of(key).value;
  }

  /** Holds as long as nobody has changed the key since. */
  guard(key: string): Compare {
    return { key, target: "mod", is: "=", to: this.#of(key).mod };
  }

  learn(operation: Operation): void {
    if (operation.op !== "txn" || operation.outcome !== "ok") return;
    const { succeeded, success, failure, responses = [], revision = 0 } = operation;
    for (const [index, part] of (succeeded === true ? success : failure).entries()) {
      const answer = responses[index];
      if (part.op === "put") this.#learn(part.key, { value: part.value, mod: revision });
      else if (part.op === "get" && answer?.op === "get") this.#learn(part.key, { value: answer.value, mod: answer.modRevision ?? 0 });
    }
  }

  forget(key: string): void {
    this.#known.delete(key);
  }

  /** Answers come in any order. */
  #learn(key: string, known: Known): void {
    if (known.mod > this.#of(key).mod) this.#known.set(key, known);
  }

  #of(key: string): Known {
    return this.#known.get(key) ?? nothing;
  }
}
