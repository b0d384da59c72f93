import { happenedBy, type Call } from "./call.ts";
import type { CellAccess } from "./cell.ts";
import type { Model } from "./model.ts";
import type { Accesses } from "./unique/clusters.ts";

/** The calls as accesses to one register, where all of them are. */
export function accessesOf<State, Input, Output>(calls: readonly Call<Input, Output>[], model: Model<State, Input, Output>): Accesses | undefined {
  const access: CellAccess[] = [];
  for (const { input, output } of calls) {
    const each = model.asCell?.(input, output);
    if (each === undefined) return undefined;
    access.push(each);
  }
  return { access, invoked: Float64Array.from(calls, ({ invoke }) => invoke), returned: Float64Array.from(calls, happenedBy) };
}
