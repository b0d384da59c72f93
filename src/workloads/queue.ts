import { z } from "zod";
import type { Operation, Request } from "../recording/operation.ts";
import type { KeyValue } from "../recording/operations/key-value.ts";
import { queueKey, queueRange } from "../recording/queue-key.ts";
import { loadOf, loadOptions, thinksInClosedLoop } from "./load-options.ts";
import { defineWorkload } from "./workload.ts";

const options = z
  .strictObject({
    ...loadOptions,
    length: z.number().int().min(1).max(1_000).default(10).meta({ description: "How long the queue gets: where clients know of so many items, they only take some out. Each look at the queue is at all of them." }),
    enqueues: z.number().min(0).max(1).default(0.5).meta({ description: "The share of enqueues among what clients set out to do while there is room, from 0 to 1; the others dequeue." }),
  })
  .refine(...thinksInClosedLoop);

const pageMax = 1_000;

/**
 * The queue of etcd's recipes (`client/v3/experimental/recipes/queue.go`): whoever puts an item in writes a key of its own,
 * and whoever takes one out looks for the key with the lowest create revision and deletes it, if nobody
 * has done so since; otherwise it looks again. It comes back later where the recipe watches an empty queue.
 */
export const queue = defineWorkload({
  kind: "queue",
  summary: "Clients put items into a queue and take the first out of it, in transactions guarded by revisions.",
  options,
  bind({ length, enqueues, ...load }) {
    const queue = new KnownQueue();
    return {
      ...loadOf("queue", load, `${length} ${length === 1 ? "item" : "items"} at most, ${Math.round(enqueues * 100)} % enqueues`),
      operations: ["put", "range", "txn"],
      finalRange: { ...queueRange, limit: pageMax },
      next(client, sequence, random): Request {
        const first = queue.firstFor(client);
        if (first !== undefined) return takeOut(first);
        if (!queue.looksAgain(client) && queue.length < length && random.float() < enqueues) return { op: "put", key: queueKey(`${client}-${sequence}`), value: `${client}-${sequence}` };
        return { op: "range", ...queueRange };
      },
      heard: (client, operation) => queue.learn(client, operation),
    };
  },
});

/** Deletes an item if it is as it was found. */
function takeOut({ key, modRevision }: KeyValue): Request {
  return { op: "txn", compares: [{ key, target: "mod", is: "=", to: modRevision }], success: [{ op: "delete", key }], failure: [] };
}

/** What clients know of the queue: all together how long it is, and each whom it found first. */
class KnownQueue {
  length = 0;
  #revision = 0;
  readonly #first = new Map<number, KeyValue>();
  readonly #again = new Set<number>();

  firstFor(client: number): KeyValue | undefined {
    return this.#first.get(client);
  }

  /** Whether another has taken what it found. */
  looksAgain(client: number): boolean {
    return this.#again.has(client);
  }

  learn(client: number, operation: Operation): void {
    this.#first.delete(client);
    this.#again.delete(client);
    if (operation.outcome !== "ok") return;
    if (operation.op === "txn" && operation.succeeded === false) this.#again.add(client);
    if (operation.op !== "range") return;
    const { kvs = [], revision = 0 } = operation;
    if (revision >= this.#revision) {
      this.#revision = revision;
      this.length = kvs.length;
    }
    const [first] = kvs.toSorted((a, b) => a.createRevision - b.createRevision);
    if (first !== undefined) this.#first.set(client, first);
  }
}
