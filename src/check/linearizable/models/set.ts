import { valueKey, valueWords, type Value } from "../cell.ts";
import { illegal, type Model } from "../model.ts";

export type SetInput = { readonly op: "add"; readonly value: Value } | { readonly op: "read" };

/** The elements read, in any order; null for an add. */
export type SetOutput = readonly Value[] | null;

/** A set that grows and is read as a whole. Its state is the sorted keys of its elements. */
export const set: Model<readonly string[], SetInput, SetOutput> = {
  name: "set",
  initial: [],
  step(elements, input, output) {
    if (input.op === "add") {
      const key = valueKey(input.value);
      return elements.includes(key) ? elements : [...elements, key].sort();
    }
    return output === undefined || output === null || keysOf(output) === elements.join() ? elements : illegal;
  },
  stateKey: (elements) => elements.join(),
  inputKey: (input) => (input.op === "add" ? `a${valueKey(input.value)}` : "r"),
  outputKey: (output) => (output === undefined || output === null ? "?" : keysOf(output)),
  observes: ({ op }) => op === "read",
  overwrites: () => false,
  describe(input, output) {
    if (input.op === "add") return `add of ${valueWords(input.value)}`;
    return output === undefined || output === null ? "read" : `read of {${output.map(valueWords).join(", ")}}`;
  },
  describeState: (elements) => `the set holds {${elements.join(", ")}}`,
};

function keysOf(values: readonly Value[]): string {
  return [...new Set(values.map(valueKey))].sort().join();
}
