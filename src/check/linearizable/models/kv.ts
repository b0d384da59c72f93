import type { CellInput, CellOutput, Value } from "../cell.ts";
import type { Model } from "../model.ts";
import { register } from "./register.ts";

export type KvInput = CellInput & { readonly key: string };

/** Keys that are put, got, deleted, compared and swapped, appended to; each is a register of its own. A deleted key reads null. */
export const kv: Model<Value, KvInput, CellOutput> = {
  ...register,
  name: "kv",
  partOf: ({ key }) => key,
};
