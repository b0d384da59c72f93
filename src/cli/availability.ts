import type { RuntimeHere } from "../cluster/runtime.ts";
import type { FaultKind } from "../faults/fault.ts";

/** Whether a fault can be had in a runtime on this machine, in words. */
export function availabilityOf({ needs }: Pick<FaultKind, "needs">, { absent, lacks }: RuntimeHere): string {
  const because = absent ?? needs.map((need) => lacks[need]).find((reason) => reason !== undefined);
  return because === undefined ? "available" : `not available: ${because}`;
}
