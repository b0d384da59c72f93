import { expect } from "chai";
import fc from "fast-check";
import { accessesOf } from "../../../src/check/linearizable/accesses.ts";
import type { Call } from "../../../src/check/linearizable/call.ts";
import type { CellInput, CellOutput, Value } from "../../../src/check/linearizable/cell.ts";
import { decideBySearch } from "../../../src/check/linearizable/decide.ts";
import { checkLinearizable } from "../../../src/check/linearizable/linearizable.ts";
import type { Model } from "../../../src/check/linearizable/model.ts";
import { casRegister } from "../../../src/check/linearizable/models/cas-register.ts";
import { kv, type KvInput } from "../../../src/check/linearizable/models/kv.ts";
import { mutex } from "../../../src/check/linearizable/models/mutex.ts";
import { queue } from "../../../src/check/linearizable/models/queue.ts";
import { register } from "../../../src/check/linearizable/models/register.ts";
import { set } from "../../../src/check/linearizable/models/set.ts";
import { relevantCalls } from "../../../src/check/linearizable/relevant.ts";
import { Automaton } from "../../../src/check/linearizable/search/automaton.ts";
import { Search } from "../../../src/check/linearizable/search/search.ts";
import { timelineOf } from "../../../src/check/linearizable/search/timeline.ts";
import { hasLegalOrder } from "./brute-force.ts";
import { histories } from "./histories.ts";
import { cellAnswer, cellOperations, fewValues, manyValues, mutexOperations, queueAnswer, queueOperations, setAnswer, setOperations } from "./operations.ts";
import { simulate } from "./simulated.ts";

const budget = { timeMs: 1, memoryBytes: 1e9, nowMs: () => 0 };
const numRuns = Number(process.env["CHECK_RUNS"] ?? 3_000);

/** Holds the checker against the definition, on histories of both kinds. */
function agree<State, Input, Output>(model: Model<State, Input, Output>, calls: fc.Arbitrary<Call<Input, Output>[]>): void {
  const seen = { legal: 0, illegal: 0 };
  fc.assert(
    fc.property(calls, (history) => {
      const legal = hasLegalOrder(history, model);
      seen[legal ? "legal" : "illegal"] += 1;
      const relevant = relevantCalls(history, model);
      expect(checkLinearizable(history, model, budget).kind).to.equal(relevant.length === 0 ? "unknown" : legal ? "ok" : "violated");
      expect(decideBySearch(relevant, model, { ...budget, untilMs: 1, bytesMax: 1e9 }).kind === "legal").to.equal(legal);
      searchesAgree(relevant, model, legal);
    }),
    { numRuns },
  );
  expect(seen.legal, "legal histories").to.be.above(numRuns / 20);
  expect(seen.illegal, "illegal histories").to.be.above(numRuns / 20);
}

/** Each search may be unable to tell, but for the complete one; none may tell what is not so. */
function searchesAgree<State, Input, Output>(calls: readonly Call<Input, Output>[], model: Model<State, Input, Output>, legal: boolean): void {
  const automaton = new Automaton(model);
  const timeline = timelineOf(calls, automaton);
  const run = (beam: number, endlessUnknowns: boolean) => new Search(timeline, automaton, { untilMs: 1, bytesMax: 1e9, nowMs: () => 0, beam, endlessUnknowns, thrifty: calls.length % 2 === 0 }).run().kind;
  expect(run(Infinity, false)).to.equal(legal ? "legal" : "illegal");
  expect(run(2, false)).to.be.oneOf(["stopped", legal ? "legal" : "illegal"]);
  if (legal && accessesOf(calls, model) !== undefined) expect(run(Infinity, true)).to.equal("legal");
}

describe("the checker of linearizability", function () {
  this.timeout(300_000);

  it("agrees with the definition on registers with few values", () => {
    agree(register, histories(register, cellOperations(fewValues, ["read", "write"]), cellAnswer));
  });

  it("agrees with the definition on registers whose values are mostly written once", () => {
    agree(register, histories(register, cellOperations(manyValues, ["read", "write"]), cellAnswer));
  });

  it("agrees with the definition on registers with swaps and few values", () => {
    agree(casRegister, histories(casRegister, cellOperations(fewValues, ["read", "write", "cas"]), cellAnswer));
  });

  it("agrees with the definition on registers with swaps whose values are mostly written once", () => {
    agree(casRegister, histories(casRegister, cellOperations(manyValues, ["read", "write", "cas", "cas"]), cellAnswer));
  });

  it("agrees with the definition on values that are appended to", () => {
    agree(kv, histories(kv, cellOperations(fewValues, ["read", "write", "append"]).map(({ input, output }) => ({ input: { ...input, key: "k" }, output })), cellAnswer));
  });

  it("agrees with the definition on locks", () => {
    agree(mutex, histories(mutex, mutexOperations, () => null));
  });

  it("agrees with the definition on queues", () => {
    agree(queue, histories(queue, queueOperations, queueAnswer));
  });

  it("agrees with the definition on sets", () => {
    agree(set, histories(set, setOperations, setAnswer));
  });

  it("checks each key by itself, and names the one that fails", () => {
    const calls = (key: string, history: readonly Call<CellInput, CellOutput>[]): Call<KvInput, CellOutput>[] => history.map((call) => ({ ...call, input: { ...call.input, key } }));
    const good = calls("a", simulate({ seed: 1, clients: 5, calls: 200 }));
    const bad = calls("b", simulate({ seed: 2, clients: 5, calls: 200, staleRead: true }));
    expect(checkLinearizable([...good, ...calls("b", simulate({ seed: 2, clients: 5, calls: 200 }))], kv, budget)).to.deep.equal({ kind: "ok", checked: 400 });
    const result = checkLinearizable([...good, ...bad], kv, budget);
    expect(result).to.have.property("sentence").that.matches(/, on key b$/);
  });

  it("finds long histories of many kinds legal, and the same with a stale read not", () => {
    for (const [seed, simulation] of [{ clients: 10 }, { clients: 30, calls: 500 }, { clients: 10, neverReturning: 0.01 }, { clients: 10, values: 5 }, { clients: 5, swaps: 0.3 }, { clients: 5, swaps: 0.3, neverReturning: 0.01, calls: 400 }].entries()) {
      const told = JSON.stringify(simulation);
      expect(checkLinearizable(simulate({ seed, calls: 2_000, ...simulation }), register, budget).kind, told).to.equal("ok");
      if (!("values" in simulation)) expect(checkLinearizable(simulate({ seed, calls: 2_000, ...simulation, staleRead: true }), register, budget).kind, told).to.equal("violated");
    }
  });

  it("leaves out what failed and reads without a result, and passes nothing on their word", () => {
    const call = { process: 0, invoke: 1, return: 2, input: { op: "read" } as const, output: undefined };
    const calls: Call<CellInput, CellOutput>[] = [{ ...call, outcome: "info" }, { ...call, outcome: "fail" }];
    expect(checkLinearizable(calls, register, budget)).to.deep.equal({ kind: "unknown", because: "there is no operation that says anything", checked: 0, of: 0 });
  });

  it("takes operations that only touch in time for concurrent", () => {
    const write = (value: Value, invoke: number, end: number): Call<CellInput, CellOutput> => ({ process: 0, invoke, return: end, input: { op: "write", value }, output: null, outcome: "ok" });
    const read = (value: Value, invoke: number): Call<CellInput, CellOutput> => ({ process: 1, invoke, return: invoke + 1, input: { op: "read" }, output: value, outcome: "ok" });
    expect(checkLinearizable([write(1, 0, 5), read(null, 5)], register, budget).kind).to.equal("ok");
    expect(checkLinearizable([write(1, 0, 5), read(null, 5.1)], register, budget).kind).to.equal("violated");
  });
});
