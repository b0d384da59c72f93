import { expect } from "chai";
import fc from "fast-check";
import type { Violated } from "../../../src/check/finding.ts";
import type { Call } from "../../../src/check/linearizable/call.ts";
import type { CellInput, CellOutput, Value } from "../../../src/check/linearizable/cell.ts";
import { checkLinearizable } from "../../../src/check/linearizable/linearizable.ts";
import { casRegister } from "../../../src/check/linearizable/models/cas-register.ts";
import { queue } from "../../../src/check/linearizable/models/queue.ts";
import { relevantCalls } from "../../../src/check/linearizable/relevant.ts";
import type { ShownCall } from "../../../src/check/linearizable/shown-call.ts";
import { hasLegalOrder } from "./brute-force.ts";
import { histories } from "./histories.ts";
import { cellAnswer, cellOperations, fewValues, manyValues, queueAnswer, queueOperations } from "./operations.ts";
import { simulate } from "./simulated.ts";

type CellCall = Call<CellInput, CellOutput>;

const budget = { timeMs: 1, memoryBytes: 1e9, nowMs: () => 0 };

function call(process: number, [invoke, end]: readonly [number, number], input: CellInput, output: CellOutput): CellCall {
  return { process, invoke, return: end, input, output, outcome: "ok" };
}

const write = (process: number, time: readonly [number, number], value: Value): CellCall => call(process, time, { op: "write", value }, null);
const read = (process: number, time: readonly [number, number], value: Value): CellCall => call(process, time, { op: "read" }, value);
const swap = (process: number, time: readonly [number, number], from: Value, to: Value, swapped = true): CellCall => call(process, time, { op: "cas", from, to }, swapped);

function counterexampleOf(calls: readonly CellCall[]): Violated<ShownCall> {
  const result = checkLinearizable(calls, casRegister, budget);
  if (result.kind !== "violated") throw new Error(`the history is ${result.kind}`);
  return result;
}

describe("a counterexample", function () {
  this.timeout(120_000);

  it("says of a stale read what had been written before it", () => {
    const { rule, sentence, operations, illegal, expected } = counterexampleOf([write(1, [1, 2], 7), read(4, [2.5, 2.7], 7), write(1, [3, 4], 8), read(2, [3.5, 6], 8), read(3, [5, 6], 7)]);
    expect(sentence).to.equal("the read of 7 by process 3 began after the write of 8 by process 1 had returned, which began after the write of 7 by process 1 had returned: of the two values each would have to be the older");
    expect(operations.map(({ what }) => what)).to.deep.equal(["write of 7", "write of 8", "read of 7"]);
    expect(rule).to.equal("stale value");
    expect(illegal.what).to.equal("read of 7");
    expect(expected).to.equal("the value is 8");
  });

  it("says of a read of the start that something had been written", () => {
    expect(counterexampleOf([write(1, [1, 2], 7), read(3, [5, 6], null)]).sentence).to.equal("the read of nothing by process 3 began after the write of 7 by process 1 had returned, so the value of the start had been replaced");
  });

  it("says that nobody had written what was read, or only later", () => {
    expect(counterexampleOf([write(1, [1, 2], 7), read(3, [5, 6], 9)]).sentence).to.equal("the read of 9 by process 3 found a value that nobody had written");
    expect(counterexampleOf([read(3, [5, 6], 7), write(1, [7, 8], 7)]).sentence).to.equal("the read of 7 by process 3 had returned before the write of 7 by process 1 began");
  });

  it("says which swaps cannot both have been", () => {
    expect(counterexampleOf([write(1, [1, 9], 7), swap(2, [1, 9], 7, 8), swap(3, [1, 9], 7, 9)]).sentence).to.equal("the swap of 7 for 8 by process 2 and the swap of 7 for 9 by process 3 replaced the same value, which was written only once");
    expect(counterexampleOf([swap(2, [1, 9], 7, 8), swap(3, [1, 9], 8, 7)]).sentence).to.match(/each found what another of them left, so none can have been the first$/);
    expect(counterexampleOf([write(1, [1, 2], 7), swap(2, [1, 4], 7, 8), read(3, [5, 6], 7)]).sentence).to.equal("the read of 7 by process 3 began after the swap of 7 for 8 by process 2 had returned, but swaps had led from the one value to the other");
  });

  it("says of a failed swap what it could only have found", () => {
    const { sentence, operations } = counterexampleOf([write(1, [1, 2], 6), write(1, [3, 4], 7), swap(3, [5, 6], 7, 8, false)]);
    expect(sentence).to.equal("the failed swap of 7 for 8 by process 3 fits nowhere: until it returned it could only be that the value is 7");
    expect(operations.map(({ what }) => what)).to.deep.equal(["write of 7", "failed swap of 7 for 8"]);
  });

  it("has few calls however long the history", () => {
    expect(counterexampleOf(simulate({ seed: 1, clients: 10, calls: 5_000, neverReturning: 0.01, staleRead: true })).operations).to.have.length.below(7);
    expect(counterexampleOf(simulate({ seed: 1, clients: 5, calls: 2_000, swaps: 0.3, staleRead: true })).operations).to.have.length.below(30);
  });

  it("is illegal by itself, and part of the history", () => {
    const operations = fc.oneof(cellOperations(fewValues, ["read", "write", "cas"]), cellOperations(manyValues, ["read", "write", "cas"]));
    let failed = 0;
    fc.assert(
      fc.property(histories(casRegister, operations, cellAnswer), (history) => {
        const result = checkLinearizable(history, casRegister, budget);
        if (result.kind !== "violated") return;
        failed += 1;
        const { operations: calls, illegal } = result;
        const chosen = relevantCalls(history, casRegister).filter((each) => calls.some(({ process, invoke }) => process === each.process && invoke === each.invoke));
        expect(chosen).to.have.length(calls.length);
        expect(hasLegalOrder(chosen, casRegister)).to.equal(false);
        expect(calls).to.deep.include(illegal);
      }),
      { numRuns: 4_000 },
    );
    expect(failed).to.be.above(400);
  });

  it("is all until the first illegal call where leaving out proves nothing, as with queues", () => {
    fc.assert(
      fc.property(histories(queue, queueOperations, queueAnswer), (history) => {
        const result = checkLinearizable(history, queue, budget);
        if (result.kind !== "violated") return;
        const calls = result.operations;
        const chosen = relevantCalls(history, queue).filter(({ process }) => calls.some((each) => each.process === process));
        expect(hasLegalOrder(chosen, queue)).to.equal(false);
      }),
      { numRuns: 1_000 },
    );
  });
});
