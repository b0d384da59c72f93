import type { CellInput, CellOutput } from "../../linearizable/cell.ts";
import type { OperationReader } from "../pair.ts";
import { cellInput, cellOutput } from "./cell.ts";

function registerReader(ops: readonly CellInput["op"][], operations: string): OperationReader<CellInput, CellOutput> {
  return {
    operations,
    input({ f, value }) {
      const input = cellInput(f, value);
      return input !== undefined && ops.includes(input.op) ? input : undefined;
    },
    output: (input, { value }) => cellOutput(input, value),
  };
}

/** `:read` and `:write`. */
export const registerOperations = registerReader(["read", "write"], ":read and :write");

/** `:cas` besides, with the value that it expects and the new one. */
export const casRegisterOperations = registerReader(["read", "write", "cas"], ":read, :write and :cas with two values");
