import { valueKey, valueWords, type Value } from "../cell.ts";
import { illegal, type Model } from "../model.ts";

export type QueueInput = { readonly op: "enqueue"; readonly value: Value } | { readonly op: "dequeue" };

/** What a dequeue took, `{ empty: true }` when there was nothing; null for an enqueue. */
export type QueueOutput = { readonly value: Value } | { readonly empty: true } | null;

/** A queue, first in, first out. A dequeue of an empty one finds nothing and changes nothing. */
export const queue: Model<readonly Value[], QueueInput, QueueOutput> = {
  name: "queue",
  initial: [],
  step(items, input, output) {
    if (input.op === "enqueue") return [...items, input.value];
    const [first, ...rest] = items;
    if (output === undefined || output === null) return rest;
    if ("empty" in output) return first === undefined ? items : illegal;
    return first === output.value ? rest : illegal;
  },
  stateKey: (items) => items.map(valueKey).join(),
  inputKey: (input) => (input.op === "enqueue" ? `e${valueKey(input.value)}` : "d"),
  outputKey: (output) => JSON.stringify(output) ?? "?",
  observes: ({ op }, output) => op === "dequeue" && output !== undefined && output !== null && "empty" in output,
  overwrites: () => false,
  describe(input, output) {
    if (input.op === "enqueue") return `enqueue of ${valueWords(input.value)}`;
    if (output === undefined || output === null) return "dequeue";
    return "empty" in output ? "dequeue that found nothing" : `dequeue of ${valueWords(output.value)}`;
  },
  describeState: (items) => (items.length === 0 ? "the queue is empty" : `the queue holds ${items.map(valueWords).join(", ")}`),
};
