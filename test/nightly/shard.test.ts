import { expect } from "chai";
import fc from "fast-check";
import { longestFirst, shardOf, type Timed } from "../../src/nightly/shard.ts";

const things = fc.uniqueArray(fc.record({ name: fc.string({ minLength: 1, maxLength: 8 }), durationMs: fc.nat({ max: 600_000 }) }), { selector: ({ name }) => name, maxLength: 60 });
const shardCount = fc.integer({ min: 1, max: 9 });

function shards(all: readonly Timed[], of: number): Timed[][] {
  return Array.from({ length: of }, (_, index) => shardOf(all, { index: index + 1, of }));
}

function total(some: readonly Timed[]): number {
  return some.reduce((sum, { durationMs }) => sum + durationMs, 0);
}

describe("shards", () => {
  it("have each thing in exactly one of them", () => {
    fc.assert(fc.property(things, shardCount, (all, of) => {
      const names = shards(all, of).flat().map(({ name }) => name);
      expect(names.sort()).to.deep.equal(all.map(({ name }) => name).sort());
    }));
  });

  it("are the same in whatever order the things come, so that machines agree without talking", () => {
    fc.assert(fc.property(things.chain((all) => fc.tuple(fc.constant(all), fc.shuffledSubarray(all, { minLength: all.length }))), shardCount, ([all, shuffled], of) => {
      expect(shards(shuffled, of)).to.deep.equal(shards(all, of));
    }));
  });

  it("take about the same time: none has more than the mean and the longest thing together", () => {
    fc.assert(fc.property(things, shardCount, (all, of) => {
      const longest = Math.max(0, ...all.map(({ durationMs }) => durationMs));
      for (const shard of shards(all, of)) expect(total(shard)).to.be.at.most(total(all) / of + longest);
    }));
  });

  it("begin with what takes longest", () => {
    const all = [{ name: "b", durationMs: 5 }, { name: "a", durationMs: 5 }, { name: "c", durationMs: 9 }];
    expect(shardOf(all, { index: 1, of: 1 }).map(({ name }) => name)).to.deep.equal(["c", "a", "b"]);
    expect([...all].sort(longestFirst).map(({ name }) => name)).to.deep.equal(["c", "a", "b"]);
  });
});
