import type { Value } from "../../linearizable/cell.ts";
import type { Edn } from "../edn.ts";
import { ednText } from "../event.ts";

/** A value that a register can hold; collections and keywords are told apart by how they are written. */
export function valueOf(edn: Edn): Value {
  return edn === null || typeof edn === "string" || typeof edn === "number" || typeof edn === "boolean" ? edn : ednText(edn);
}

/** The two values of a compare-and-swap. */
export function pairOf(edn: Edn): readonly [Value, Value] | undefined {
  if (!Array.isArray(edn) || edn.length !== 2) return undefined;
  const [from = null, to = null]: readonly Edn[] = edn;
  return [valueOf(from), valueOf(to)];
}
