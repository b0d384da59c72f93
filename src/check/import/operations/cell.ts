import type { CellInput, CellOutput } from "../../linearizable/cell.ts";
import type { Edn } from "../edn.ts";
import { pairOf, valueOf } from "./value.ts";

export function cellInput(f: string, value: Edn): CellInput | undefined {
  switch (f) {
    case "read":
    case "get":
      return { op: "read" };
    case "write":
    case "put":
      return { op: "write", value: valueOf(value) };
    case "delete":
      return { op: "write", value: null };
    case "append":
      return { op: "append", value: valueOf(value) };
    case "cas": {
      const [from, to] = pairOf(value) ?? [];
      return from === undefined || to === undefined ? undefined : { op: "cas", from, to };
    }
    default:
      return undefined;
  }
}

export function cellOutput({ op }: CellInput, value: Edn): CellOutput {
  return op === "read" ? valueOf(value) : op === "cas" ? value !== false : null;
}
