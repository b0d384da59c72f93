import fc from "fast-check";
import type { CellInput, CellOutput, Value } from "../../../src/check/linearizable/cell.ts";
import type { MutexInput } from "../../../src/check/linearizable/models/mutex.ts";
import type { QueueInput, QueueOutput } from "../../../src/check/linearizable/models/queue.ts";
import type { SetInput, SetOutput } from "../../../src/check/linearizable/models/set.ts";
import type { Operation } from "./histories.ts";

/** Few values, so that most are written more than once; or enough that most are written once. */
export const fewValues = fc.constantFrom<Value>(null, 1, 2);
export const manyValues = fc.constantFrom<Value>(null, 1, 2, 3, 4, 5, 6, 7, 8);

export function cellOperations(values: fc.Arbitrary<Value>, kinds: readonly CellInput["op"][]): fc.Arbitrary<Operation<CellInput, CellOutput>> {
  return fc.tuple(fc.constantFrom(...kinds), values, values, fc.boolean()).map(([op, value, to, swapped]) => {
    if (op === "read") return { input: { op }, output: value };
    if (op === "cas") return { input: { op, from: value, to }, output: swapped };
    return { input: { op, value }, output: null };
  });
}

/** What a register answers. */
export function cellAnswer(state: Value, input: CellInput): CellOutput {
  return input.op === "read" ? state : input.op === "cas" ? state === input.from : null;
}

export const mutexOperations: fc.Arbitrary<Operation<MutexInput, null>> = fc.constantFrom("acquire", "release").map((op) => ({ input: { op }, output: null }));

const few = fc.constantFrom<Value>(1, 2, 3);

export const queueOperations: fc.Arbitrary<Operation<QueueInput, QueueOutput>> = fc.oneof(
  few.map((value) => ({ input: { op: "enqueue" as const, value }, output: null })),
  fc.option(few, { nil: undefined }).map((value) => ({ input: { op: "dequeue" as const }, output: value === undefined ? { empty: true as const } : { value } })),
);

export function queueAnswer([first]: readonly Value[], { op }: QueueInput): QueueOutput {
  return op === "enqueue" ? null : first === undefined ? { empty: true } : { value: first };
}

export const setOperations: fc.Arbitrary<Operation<SetInput, SetOutput>> = fc.oneof(
  few.map((value) => ({ input: { op: "add" as const, value }, output: null })),
  fc.subarray<Value>([1, 2, 3]).map((elements) => ({ input: { op: "read" as const }, output: elements })),
);

export function setAnswer(elements: readonly string[], { op }: SetInput): SetOutput {
  return op === "add" ? null : elements.map(Number);
}
