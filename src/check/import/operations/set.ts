import type { SetInput, SetOutput } from "../../linearizable/models/set.ts";
import type { Edn } from "../edn.ts";
import type { OperationReader } from "../pair.ts";
import { valueOf } from "./value.ts";

/** `:add` of an element and `:read` of all. */
export const setOperations: OperationReader<SetInput, SetOutput> = {
  operations: ":add and :read",
  input({ f, value }) {
    if (f === "add") return { op: f, value: valueOf(value) };
    return f === "read" ? { op: f } : undefined;
  },
  output({ op }, { value }) {
    if (op === "add") return null;
    const elements: readonly Edn[] | undefined = Array.isArray(value) ? value : undefined;
    return elements?.map(valueOf);
  },
};
