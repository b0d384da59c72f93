import { expect } from "chai";
import { nOfM } from "../../src/explore/confirm.ts";

const playing = (...outcomes: (boolean | undefined)[]) => async (): Promise<boolean | undefined> => outcomes.shift();

describe("so many of so many runs", () => {
  it("are enough as soon as so many have failed, and no more are played", async () => {
    expect(await nOfM(2, 3, 1, playing(true, true))).to.deep.equal({ hits: 2, runs: 2, enough: true });
    expect(await nOfM(2, 3, 1, playing(true, false, true))).to.deep.equal({ hits: 2, runs: 3, enough: true });
  });

  it("are not enough as soon as they cannot be any more", async () => {
    expect(await nOfM(2, 3, 1, playing(false, false))).to.deep.equal({ hits: 0, runs: 2, enough: false });
    expect(await nOfM(4, 5, 1, playing(true, false, true, false))).to.deep.equal({ hits: 2, runs: 4, enough: false });
  });

  it("tell nothing when time is up before it is clear", async () => {
    expect(await nOfM(2, 3, 1, playing(true, undefined))).to.equal(undefined);
    expect(await nOfM(2, 3, 2, playing(undefined, true))).to.equal(undefined);
  });

  it("are played side by side, never more than asked for", async () => {
    let [now, most, played] = [0, 0, 0];
    const result = await nOfM(5, 5, 2, async () => {
      most = Math.max(most, (now += 1));
      await Promise.resolve();
      now -= 1;
      played += 1;
      return true;
    });
    expect([result?.hits, played, most]).to.deep.equal([5, 5, 2]);
  });
});
