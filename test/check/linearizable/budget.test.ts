import { expect } from "chai";
import { checkLinearizable } from "../../../src/check/linearizable/linearizable.ts";
import { register } from "../../../src/check/linearizable/models/register.ts";
import { simulate } from "./simulated.ts";

describe("a check with a budget", () => {
  const history = simulate({ seed: 3, clients: 10, calls: 5_000, values: 5 });

  it("is inconclusive when the time is over, and says how far it came", () => {
    let nowMs = 0;
    const result = checkLinearizable(history, register, { timeMs: 5, memoryBytes: 1e9, nowMs: () => nowMs++ });
    expect(result.outcome).to.equal("inconclusive");
    expect(result).to.have.property("reason").that.matches(/^the time limit of 0\.005 s was reached after [1-9]\d* of 5000 returns$/);
  });

  it("is inconclusive when the memory is used up", () => {
    const result = checkLinearizable(history, register, { timeMs: 1, memoryBytes: 1_000, nowMs: () => 0 });
    expect(result).to.have.property("reason").that.matches(/^the memory limit of 0 MB was reached after \d+ of 5000 returns$/);
  });

  it("decides the same history with enough of both", () => {
    expect(checkLinearizable(history, register, { timeMs: 1, memoryBytes: 1e9, nowMs: () => 0 }).outcome).to.equal("pass");
  });
});
