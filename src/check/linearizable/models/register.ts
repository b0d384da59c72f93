import { accessOf, cellInputKey, describeCell, observesCell, stepCell, valueKey, valueWords, type CellInput, type CellOutput, type Value } from "../cell.ts";
import type { Model } from "../model.ts";

/** One register that is read and written; null before the first write. */
export const register: Model<Value, CellInput, CellOutput> = {
  name: "register",
  initial: null,
  step: stepCell,
  stateKey: valueKey,
  inputKey: cellInputKey,
  outputKey: (output) => (output === undefined ? "?" : valueKey(output)),
  observes: observesCell,
  overwrites: ({ op }) => op === "write",
  asCell: accessOf,
  describe: describeCell,
  describeState: (state) => `the value is ${valueWords(state)}`,
};
