import { expect } from "chai";
import { checkLinearizable } from "../../../src/check/linearizable/linearizable.ts";
import { register } from "../../../src/check/linearizable/models/register.ts";
import { simulate } from "./simulated.ts";

describe("a check with a budget", () => {
  const history = simulate({ seed: 3, clients: 10, calls: 5_000, values: 5 });

  it("is inconclusive when the time is over, and says how far it came", () => {
    let nowMs = 0;
    const result = checkLinearizable(history, register, { timeMs: 5, memoryBytes: 1e9, nowMs: () => nowMs++ });
    expect(result).to.deep.include({ kind: "unknown", because: "the time limit of 0.005 s was reached", of: 5_000 });
    expect(result).to.have.property("checked").that.is.within(1, 4_999);
  });

  it("is inconclusive when the memory is used up", () => {
    const result = checkLinearizable(history, register, { timeMs: 1, memoryBytes: 1_000, nowMs: () => 0 });
    expect(result).to.deep.include({ kind: "unknown", because: "the memory limit of 0 MB was reached", of: 5_000 });
  });

  it("decides the same history with enough of both", () => {
    expect(checkLinearizable(history, register, { timeMs: 1, memoryBytes: 1e9, nowMs: () => 0 }).kind).to.equal("ok");
  });
});
