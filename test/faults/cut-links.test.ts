import { expect } from "chai";
import fc from "fast-check";
import { linksOf, nameOf, pairsAcross } from "../../src/faults/cut-links.ts";
import { clusterDouble, memberDouble } from "./doubles.ts";

const membersOf = (count: number) => Array.from({ length: count }, (_, index) => memberDouble(`etcd-${index + 1}`, {}));
const split = fc.constantFrom(1, 3, 5, 7).chain((count) => {
  const members = membersOf(count);
  return fc.record({ members: fc.constant(members), targets: fc.subarray(members, { minLength: 1 }) });
});

describe("pairsAcross", () => {
  it("pairs each target with each member that is none", () => {
    fc.assert(
      fc.property(split, ({ members, targets }) => {
        fc.pre(targets.length < members.length);
        const pairs = pairsAcross(targets, members);
        expect(pairs).to.have.length(targets.length * (members.length - targets.length));
        expect(new Set(pairs.map(nameOf)).size).to.equal(pairs.length);
        for (const { a, b } of pairs) expect([targets.includes(a), targets.includes(b)]).to.deep.equal([true, false]);
      }),
    );
  });

  it("takes everyone apart where all are targets, each pair once", () => {
    for (const count of [1, 3, 5, 7]) {
      const members = membersOf(count);
      const pairs = pairsAcross(members, members);
      const unordered = pairs.map(({ a, b }) => [a.name, b.name].sort().join());
      expect(new Set(unordered)).to.have.length((count * (count - 1)) / 2);
      expect(pairs).to.have.length((count * (count - 1)) / 2);
    }
  });

  it("has no pair where there is no other member", () => {
    const alone = membersOf(1);
    expect(pairsAcross(alone, alone)).to.deep.equal([]);
  });
});

describe("linksOf", () => {
  it("gives both directions of dialling of each pair, and never a client's link", () => {
    fc.assert(
      fc.property(split, ({ members, targets }) => {
        const pairs = pairsAcross(targets, members);
        const links = linksOf(pairs, clusterDouble(members).links);
        expect(links.map(({ name }) => name)).to.have.members(pairs.flatMap(({ a, b }) => [`${a.name}-to-${b.name}`, `${b.name}-to-${a.name}`]));
      }),
    );
  });
});
