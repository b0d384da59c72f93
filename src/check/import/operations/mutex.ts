import type { MutexInput } from "../../linearizable/models/mutex.ts";
import type { OperationReader } from "../pair.ts";

/** `:acquire` and `:release`. */
export const mutexOperations: OperationReader<MutexInput, null> = {
  operations: ":acquire and :release",
  input: ({ f }) => (f === "acquire" || f === "release" ? { op: f } : undefined),
  output: () => null,
};
