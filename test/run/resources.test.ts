import { expect } from "chai";
import fc from "fast-check";
import { Resources } from "../../src/resources.ts";

describe("resources", () => {
  it("are released last one first, one after another", async () => {
    const released: string[] = [];
    {
      await using resources = new Resources();
      resources.defer(() => released.push("first"));
      resources.defer(async () => {
        await new Promise((resolve) => setImmediate(resolve));
        released.push("second");
      });
      resources.use({ [Symbol.asyncDispose]: async () => void released.push("third") });
    }
    expect(released).to.deep.equal(["third", "second", "first"]);
  });

  it("are all released, whichever of them fail, and what failed is thrown", async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(fc.boolean(), { maxLength: 8 }), async (fails) => {
        const released: number[] = [];
        const resources = new Resources();
        fails.forEach((fail, index) =>
          resources.defer(() => {
            released.push(index);
            if (fail) throw new Error(`release ${index}`);
          }),
        );
        const thrown: unknown = await resources[Symbol.asyncDispose]().catch((error: unknown) => error);
        expect(released).to.deep.equal(fails.map((_, index) => index).reverse());
        const failed = fails.flatMap((fail, index) => (fail ? [`release ${index}`] : [])).reverse();
        if (failed.length === 0) return void expect(thrown).to.equal(undefined);
        expect(thrown).to.be.instanceOf(Error).with.property("message", failed.join("; "));
      }),
    );
  });

  it("are released once, however often", async () => {
    let releases = 0;
    const resources = new Resources();
    resources.defer(() => releases++);
    await resources[Symbol.asyncDispose]();
    await resources[Symbol.asyncDispose]();
    expect(releases).to.equal(1);
  });

  it("that were moved are the new owner's to release", async () => {
    let releases = 0;
    const resources = new Resources();
    resources.defer(() => releases++);
    const moved = resources.move();
    await resources[Symbol.asyncDispose]();
    expect(releases).to.equal(0);
    await moved[Symbol.asyncDispose]();
    expect(releases).to.equal(1);
  });

  it("may be added while they are released, and are then released too", async () => {
    const released: string[] = [];
    const resources = new Resources();
    resources.defer(() => {
      released.push("first");
      resources.defer(() => released.push("late"));
    });
    await resources[Symbol.asyncDispose]();
    expect(released).to.deep.equal(["first", "late"]);
  });
});
