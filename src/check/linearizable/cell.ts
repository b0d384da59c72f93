import { illegal } from "./model.ts";

/** What a register can hold; null before the first write. */
export type Value = string | number | boolean | null;

export type CellInput =
  | { readonly op: "read" }
  | { readonly op: "write"; readonly value: Value }
  | { readonly op: "cas"; readonly from: Value; readonly to: Value }
  | { readonly op: "append"; readonly value: Value };

/** The value read; for a compare-and-swap whether it swapped; null for writes. */
export type CellOutput = Value;

/** An operation on a register by what it needs to find and what it leaves. */
export type CellAccess =
  | { readonly kind: "read"; readonly value: Value }
  | { readonly kind: "write"; readonly value: Value }
  | { readonly kind: "swap"; readonly from: Value; readonly to: Value }
  /** A compare-and-swap that found another value. */
  | { readonly kind: "miss"; readonly from: Value };

/** One operation on one register. */
export function stepCell(state: Value, input: CellInput, output: CellOutput | undefined): Value | typeof illegal {
  switch (input.op) {
    case "read":
      return output === undefined || output === state ? state : illegal;
    case "write":
      return input.value;
    case "append":
      return `${state ?? ""}${input.value ?? ""}`;
    case "cas": {
      const swaps = state === input.from;
      if (output !== undefined && output !== swaps) return illegal;
      return swaps ? input.to : state;
    }
  }
}

/** The access behind an operation whose output is known, or a write or swap that may have happened. Appends are none. */
export function accessOf(input: CellInput, output: CellOutput | undefined): CellAccess | undefined {
  switch (input.op) {
    case "read":
      return output === undefined ? undefined : { kind: "read", value: output };
    case "write":
      return { kind: "write", value: input.value };
    case "cas":
      return output === false ? { kind: "miss", from: input.from } : { kind: "swap", from: input.from, to: input.to };
    case "append":
      return undefined;
  }
}

/** Whether the operation leaves every value as it is. */
export function observesCell(input: CellInput, output: CellOutput | undefined): boolean {
  return input.op === "read" || (input.op === "cas" && output === false);
}

/** Tells values apart that look alike: `1` and `"1"`. */
export function valueKey(value: Value): string {
  return typeof value === "string" ? JSON.stringify(value) : String(value);
}

/** Equal for inputs that do the same. */
export function cellInputKey(input: CellInput): string {
  switch (input.op) {
    case "read":
      return "r";
    case "cas":
      return `c${valueKey(input.from)} ${valueKey(input.to)}`;
    case "write":
      return `w${valueKey(input.value)}`;
    case "append":
      return `a${valueKey(input.value)}`;
  }
}

/** `read of 7`, `failed swap of 7 for 8`. */
export function describeCell(input: CellInput, output: CellOutput | undefined): string {
  switch (input.op) {
    case "read":
      return output === undefined ? "read" : `read of ${valueWords(output)}`;
    case "write":
      return `write of ${valueWords(input.value)}`;
    case "append":
      return `append of ${valueWords(input.value)}`;
    case "cas":
      return `${output === false ? "failed swap" : "swap"} of ${valueWords(input.from)} for ${valueWords(input.to)}`;
  }
}

/** A value as a person reads it; null is `nothing`. */
export function valueWords(value: Value): string {
  return value === null ? "nothing" : typeof value === "string" ? JSON.stringify(value) : String(value);
}
