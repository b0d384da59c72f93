import type { QueueInput, QueueOutput } from "../../linearizable/models/queue.ts";
import type { OperationReader } from "../pair.ts";
import { valueOf } from "./value.ts";

/** `:enqueue` and `:dequeue`; a dequeue of nil found nothing. */
export const queueOperations: OperationReader<QueueInput, QueueOutput> = {
  operations: ":enqueue and :dequeue",
  input({ f, value }) {
    if (f === "enqueue") return { op: f, value: valueOf(value) };
    return f === "dequeue" ? { op: f } : undefined;
  },
  output({ op }, { value }) {
    if (op === "enqueue") return null;
    return value === null ? { empty: true } : { value: valueOf(value) };
  },
};
