import { expect } from "chai";
import { remembered } from "../src/remembered.ts";

describe("what is remembered", () => {
  it("is worked out once for each thing that it is asked of, also where nothing came of it", () => {
    const asked: unknown[] = [];
    const first = remembered((list: readonly number[]): number | undefined => {
      asked.push(list);
      return list[0];
    });
    const [empty, one, other] = [[], [1], [1]];
    for (const list of [empty, one, other, one, empty]) expect(first(list)).to.equal(list[0]);
    expect(asked).to.have.ordered.members([empty, one, other]);
  });

  it("is nothing where it could not be worked out: that is tried again", () => {
    let failures = 0;
    const fails = remembered(() => {
      failures += 1;
      throw new Error("it cannot be worked out");
    });
    const given = {};
    for (let times = 0; times < 2; times += 1) expect(() => fails(given)).to.throw("it cannot be worked out");
    expect(failures).to.equal(2);
  });
});
