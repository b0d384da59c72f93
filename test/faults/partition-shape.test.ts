import { expect } from "chai";
import fc from "fast-check";
import { cutsOf, nameOf } from "../../src/faults/cut-links.ts";
import { cutPairs, directions, shapes, sizeOf, type PartitionShape } from "../../src/faults/partition-shape.ts";
import { resolveTarget } from "../../src/faults/target.ts";
import { seededRandom } from "../../src/random.ts";
import { clusterDouble, memberDouble } from "./doubles.ts";

const membersOf = (count: number) => Array.from({ length: count }, (_, index) => memberDouble(`etcd-${index + 1}`, {}));

function cut(targets: readonly number[], count: number, shape: Partial<PartitionShape>): string[] {
  const members = membersOf(count);
  return cutPairs(members.filter(({ number }) => targets.includes(number)), members, { shape: "group", direction: "both", ...shape }).map(nameOf);
}

describe("a partition's shape", () => {
  it("group parts the targets from the rest, in the direction that is asked for", () => {
    expect(cut([1, 2], 3, {})).to.deep.equal(["etcd-1 ⇄ etcd-3", "etcd-2 ⇄ etcd-3"]);
    expect(cut([1], 3, { direction: "out" })).to.deep.equal(["etcd-1 → etcd-2", "etcd-1 → etcd-3"]);
    expect(cut([1], 3, { direction: "in" })).to.deep.equal(["etcd-2 → etcd-1", "etcd-3 → etcd-1"]);
  });

  it("each parts every target from everyone, from other targets as well", () => {
    expect(cut([1, 2], 3, { shape: "each" })).to.have.members(["etcd-1 ⇄ etcd-2", "etcd-1 ⇄ etcd-3", "etcd-2 ⇄ etcd-3"]);
    expect(cut([1, 2], 3, { shape: "each", direction: "out" })).to.have.members(["etcd-1 ⇄ etcd-2", "etcd-1 → etcd-3", "etcd-2 → etcd-3"]);
  });

  it("bridge leaves the target with everyone and splits the others in halves", () => {
    expect(cut([2], 3, { shape: "bridge" })).to.deep.equal(["etcd-1 ⇄ etcd-3"]);
    expect(cut([3], 5, { shape: "bridge" })).to.have.members(["etcd-1 ⇄ etcd-4", "etcd-1 ⇄ etcd-5", "etcd-2 ⇄ etcd-4", "etcd-2 ⇄ etcd-5"]);
  });

  it("ring leaves each with two neighbours", () => {
    expect(cut([1], 5, { shape: "ring" })).to.have.members(["etcd-1 ⇄ etcd-3", "etcd-1 ⇄ etcd-4", "etcd-2 ⇄ etcd-4", "etcd-2 ⇄ etcd-5", "etcd-3 ⇄ etcd-5"]);
    expect(cut([1], 7, { shape: "ring" })).to.have.length((7 * 4) / 2);
    expect(cut([1], 3, { shape: "ring" })).to.deep.equal([]);
  });

  it("links is what was listed, and two that are opposite are one", () => {
    const links = ["etcd-1 -> etcd-2", "etcd-3 <-> etcd-1", "etcd-3 -> etcd-2", "etcd-2 -> etcd-3", "etcd-1 -> etcd-2"];
    expect(cut([], 3, { shape: "links", links })).to.have.members(["etcd-1 → etcd-2", "etcd-3 ⇄ etcd-1", "etcd-3 ⇄ etcd-2"]);
    expect(cut([], 3, { shape: "links", links: ["etcd-1 <-> etcd-2", "etcd-2 -> etcd-1"] })).to.deep.equal(["etcd-1 ⇄ etcd-2"]);
  });

  it("holds back what a sends to b up its own link and down the other's", () => {
    const members = membersOf(3);
    const { links } = clusterDouble(members);
    const streams = (shape: Partial<PartitionShape>) => [...cutsOf(cutPairs(members.slice(0, 1), members, { shape: "links", direction: "both", ...shape }), links)].map(([{ name }, where]) => `${name} ${where}`);
    expect(streams({ links: ["etcd-1 -> etcd-2"] })).to.deep.equal(["etcd-1-to-etcd-2 upstream", "etcd-2-to-etcd-1 downstream"]);
    expect(streams({ links: ["etcd-1 <-> etcd-2"] })).to.deep.equal(["etcd-1-to-etcd-2 both", "etcd-2-to-etcd-1 both"]);
  });

  it("never has a pair twice, nor a member with itself", () => {
    const situation = fc.constantFrom(3, 5, 7).chain((count) => fc.record({ count: fc.constant(count), targets: fc.subarray(membersOf(count).map(({ number }) => number), { minLength: 1 }) }));
    fc.assert(
      fc.property(situation, fc.constantFrom(...shapes), fc.constantFrom(...directions), ({ count, targets }, shape, direction) => {
        const members = membersOf(count);
        const pairs = cutPairs(members.filter(({ number }) => targets.includes(number)), members, { shape, direction });
        const keys = pairs.map(({ a, b }) => [a.name, b.name].sort().join());
        for (const { a, b } of pairs) expect(a.name).to.not.equal(b.name);
        expect(new Set(keys).size).to.equal(keys.length);
      }),
    );
  });

  it("knows how many members a target will stand for", () => {
    for (const count of [3, 5, 7]) {
      const names = membersOf(count).map(({ name }) => name);
      for (const target of ["leader", "follower", "minority", "majority", "random", "all", "etcd-2"] as const) {
        expect(resolveTarget(target, names, { leader: "etcd-1", term: 1 }, seededRandom(1, "x"))?.members).to.have.length(sizeOf(target, count), `${target} of ${count}`);
      }
    }
  });
});
