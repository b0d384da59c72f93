import { expect } from "chai";
import { Sleepers } from "../../src/workloads/sleepers.ts";

const nowNs = (): number => Number(process.hrtime.bigint());

describe("sleepers", () => {
  it("are never woken before their moment", async () => {
    const sleepers = new Sleepers(nowNs);
    const startNs = nowNs();
    const earlyNs = await Promise.all(
      Array.from({ length: 60 }, async (_, index) => {
        const atNs = startNs + index * 770_000;
        expect(await sleepers.until(atNs)).to.equal(true);
        return atNs - nowNs();
      }),
    );
    expect(Math.max(...earlyNs)).to.be.at.most(0);
    expect(sleepers.lateMaxNs).to.be.greaterThan(0);
  });

  it("are all woken when it is over, and from then on none sleeps", async () => {
    const sleepers = new Sleepers(nowNs);
    const longNs = nowNs() + 3_600e9;
    const asleep = [sleepers.until(longNs), sleepers.until(longNs + 1)];
    sleepers.stop();
    expect(await Promise.all(asleep)).to.deep.equal([false, false]);
    expect(await sleepers.until(longNs)).to.equal(false);
    expect(await sleepers.until(0)).to.equal(false);
  });
});
