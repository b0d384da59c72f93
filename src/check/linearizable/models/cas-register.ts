import type { CellInput, CellOutput, Value } from "../cell.ts";
import type { Model } from "../model.ts";
import { register } from "./register.ts";

/** A register with compare-and-swap besides. */
export const casRegister: Model<Value, CellInput, CellOutput> = { ...register, name: "cas-register" };
