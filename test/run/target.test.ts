import { expect } from "chai";
import fc from "fast-check";
import { resolveTarget, targetSchema, type Leadership, type ResolvedTarget, type Target } from "../../src/faults/target.ts";
import { seededRandom } from "../../src/random.ts";

const names = (count: number): string[] => Array.from({ length: count }, (_, index) => `etcd-${index + 1}`);
const sizes = fc.constantFrom(1, 3, 5, 7);
const targets = fc.constantFrom<Target>("leader", "follower", "minority", "majority", "random", "all", "etcd-1", "etcd-7");

/** Members, who leads them (perhaps nobody), and a seed. */
const situations = sizes.chain((count) =>
  fc.record({ members: fc.constant(names(count)), leader: fc.option(fc.constantFrom(...names(count)), { nil: undefined }), seed: fc.nat() }),
);

function resolve(target: Target, members: readonly string[], leader: string | undefined, seed = 1): ResolvedTarget | undefined {
  const leadership: Leadership = { leader, term: leader === undefined ? undefined : 3 };
  return resolveTarget(target, members, leadership, seededRandom(seed, "target"));
}

describe("a target", () => {
  it("stands for members of the cluster, each once and in their order, and says why those", () => {
    fc.assert(
      fc.property(targets, situations, (target, { members, leader, seed }) => {
        const found = resolve(target, members, leader, seed);
        if (found === undefined) return;
        expect(found.members).to.not.have.length(0);
        expect(members.filter((name) => found.members.includes(name))).to.deep.equal(found.members);
        expect(found.because).to.match(/\S/);
      }),
    );
  });

  it("is the same for the same seed", () => {
    fc.assert(
      fc.property(targets, situations, (target, { members, leader, seed }) => {
        expect(resolve(target, members, leader, seed)).to.deep.equal(resolve(target, members, leader, seed));
      }),
    );
  });

  it("that is chosen at random is another for some other seed", () => {
    for (const target of ["follower", "minority", "majority", "random"] as const) {
      const found = new Set(Array.from({ length: 50 }, (_, seed) => resolve(target, names(5), "etcd-2", seed)?.members.join()));
      expect(found.size, target).to.be.above(1);
    }
  });

  it("leader is whoever leads, with the term, and nobody where nobody leads", () => {
    expect(resolve("leader", names(3), "etcd-2")).to.deep.equal({ members: ["etcd-2"], because: "etcd-2 is the leader at term 3" });
    expect(resolve("leader", names(3), undefined)).to.equal(undefined);
  });

  it("follower is never the leader, and nobody while it is unknown who leads", () => {
    fc.assert(
      fc.property(situations, ({ members, leader, seed }) => {
        const found = resolve("follower", members, leader, seed);
        if (leader === undefined || members.length === 1) return void expect(found).to.equal(undefined);
        expect(found?.members).to.have.length(1);
        expect(found?.members).to.not.include(leader);
      }),
    );
  });

  it("minority leaves a quorum, majority does not, and together they are all", () => {
    fc.assert(
      fc.property(situations, ({ members, leader, seed }) => {
        const quorum = Math.floor(members.length / 2) + 1;
        const minority = resolve("minority", members, leader, seed)?.members.length ?? 0;
        const majority = resolve("majority", members, leader, seed)?.members.length ?? 0;
        expect(minority).to.be.below(majority);
        expect(members.length - minority).to.be.at.least(quorum);
        expect(members.length - majority).to.be.below(quorum);
        expect(minority + majority).to.equal(members.length);
      }),
    );
  });

  it("minority of one member is nobody", () => {
    expect(resolve("minority", names(1), "etcd-1")).to.equal(undefined);
  });

  it("all is everyone, and a name is that member where there is one", () => {
    expect(resolve("all", names(3), undefined)?.members).to.deep.equal(names(3));
    expect(resolve("etcd-3", names(3), undefined)?.members).to.deep.equal(["etcd-3"]);
    expect(resolve("etcd-5", names(3), undefined)).to.equal(undefined);
  });

  it("is one of the symbols or a member's name, and nothing else", () => {
    for (const good of ["leader", "follower", "minority", "majority", "random", "all", "etcd-1", "etcd-9"]) expect(targetSchema.safeParse(good).success, good).to.equal(true);
    for (const bad of ["leaders", "etcd-0", "etcd-10", "node-1", "", 1]) expect(targetSchema.safeParse(bad).success, String(bad)).to.equal(false);
  });
});
