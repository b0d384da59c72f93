import { expect } from "chai";
import fc from "fast-check";
import { sharesOf } from "../../src/scenario/shared-load.ts";

const weights = fc.array(fc.double({ min: 0.001, max: 1_000, noNaN: true }), { minLength: 1, maxLength: 8 });

describe("a load that workloads share", () => {
  it("is divided by weight", () => {
    expect(sharesOf({ rate: 300, clients: 20 }, [3, 1])).to.deep.equal([{ rate: 225, clients: 15 }, { rate: 75, clients: 5 }]);
    expect(sharesOf({ clients: 7 }, [1, 1])).to.deep.equal([{ clients: 4 }, { clients: 3 }]);
    expect(sharesOf({ rate: 100, clients: 3 }, [1, 1, 1]).map(({ rate }) => rate)).to.deep.equal([33.333, 33.333, 33.333]);
  });

  it("gives the lightest a client too", () => {
    expect(sharesOf({ rate: 1_000, clients: 10 }, [1_000, 1, 1])).to.deep.equal([{ rate: 998.004, clients: 8 }, { rate: 0.998, clients: 1 }, { rate: 0.998, clients: 1 }]);
  });

  it("is divided as a whole, to all who take part, and more to the heavier", () => {
    fc.assert(
      fc.property(weights, fc.integer({ min: 8, max: 1_000 }), fc.double({ min: 1, max: 20_000, noNaN: true }), (each, clients, rate) => {
        const shares = sharesOf({ rate, clients }, each);
        expect(shares.reduce((sum, share) => sum + share.clients, 0)).to.equal(clients);
        expect(shares.every((share) => share.clients >= 1 && (share.rate ?? 0) > 0)).to.equal(true);
        expect(shares.reduce((sum, share) => sum + (share.rate ?? 0), 0)).to.be.closeTo(rate, 0.001 * each.length);
        const total = each.reduce((sum, weight) => sum + weight, 0);
        // One client at the least can take from the others, and nothing else does.
        for (const [index, share] of shares.entries()) expect(share.clients).to.be.at.most(Math.max(1, Math.ceil((clients * (each[index] ?? 0)) / total) + 1));
        for (const [index, share] of shares.entries()) for (const [other, than] of shares.entries()) if (isHeavier(each[index], each[other])) expect(share.clients).to.be.at.least(than.clients);
      }),
    );
  });
});

/** By more than what is lost in calculating. */
function isHeavier(one = 0, other = 0): boolean {
  return one > other * (1 + 1e-9);
}
