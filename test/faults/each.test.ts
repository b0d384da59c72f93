import { expect } from "chai";
import { HarnessError, messageOf } from "../../src/errors.ts";
import { toEach, undoAfter } from "../../src/faults/each.ts";

describe("toEach", () => {
  it("reaches every item past those that fail, and waits for all", async () => {
    const reached: number[] = [];
    const failure = await toEach([1, 2, 3], async (item) => {
      await Promise.resolve();
      if (item < 3) throw new Error(`no ${item}`);
      reached.push(item);
    }).catch((error: unknown) => error);
    expect(reached).to.deep.equal([3]);
    expect(failure).to.be.instanceOf(HarnessError).with.property("message", "no 1; no 2");
  });

  it("throws a lone failure as it is", async () => {
    const failure = new Error("alone");
    expect(await toEach([1, 2], (item) => (item === 1 ? Promise.reject(failure) : Promise.resolve())).catch((error: unknown) => error)).to.equal(failure);
  });
});

describe("undoAfter", () => {
  it("gives what went wrong once everything is undone", async () => {
    const error = new Error("first");
    expect(await undoAfter(error, async () => undefined)).to.equal(error);
  });

  it("tries again where undoing fails for a moment", async () => {
    const error = new Error("first");
    let attempts = 0;
    expect(await undoAfter(error, async () => void (++attempts < 3 && (await Promise.reject(new Error("busy")))))).to.equal(error);
    expect(attempts).to.equal(3);
  });

  it("says so where something could not be undone, and keeps what led to it", async () => {
    const error = new Error("first");
    const thrown = await undoAfter(error, () => Promise.reject(new Error("stuck")));
    expect(messageOf(thrown)).to.equal("first; and undoing what was done failed: stuck");
    expect(thrown).to.have.property("cause", error);
  });
});
