import type { CellOutput } from "../../linearizable/cell.ts";
import type { KvInput } from "../../linearizable/models/kv.ts";
import type { Edn } from "../edn.ts";
import { ednText, type HistoryEvent } from "../event.ts";
import type { OperationReader } from "../pair.ts";
import { cellInput, cellOutput } from "./cell.ts";

/** The key is `:key`, or the first of two values, as Jepsen's independent tests have it. */
export const kvOperations: OperationReader<KvInput, CellOutput> = {
  operations: ":read or :get, :write or :put, :cas, :delete and :append, with a :key or with [key value] as the value",
  input(event) {
    const keyed = keyedValue(event);
    const input = keyed && cellInput(event.f, keyed.value);
    return input && { ...input, key: ednText(keyed.key) };
  },
  output(input, event) {
    if (event.value === false) return cellOutput(input, false);
    const keyed = keyedValue(event);
    return keyed === undefined || ednText(keyed.key) !== input.key ? undefined : cellOutput(input, keyed.value);
  },
};

function keyedValue({ key, value }: HistoryEvent): { readonly key: Edn; readonly value: Edn } | undefined {
  if (key !== undefined) return { key, value };
  if (!Array.isArray(value) || value.length !== 2) return undefined;
  const [first = null, second = null]: readonly Edn[] = value;
  return { key: first, value: second };
}
