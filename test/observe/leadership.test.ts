import { expect } from "chai";
import fc from "fast-check";

import { leadershipOf } from "../../src/observe/leadership.ts";
import type { StatusSample } from "../../src/recording/samples.ts";

const says = (member: string, leader: string | null, term: number): StatusSample => ({
  kind: "status", atMs: 0, member, ok: true, leader, term, revision: 1, raftIndex: 1, appliedIndex: 1,
});
const silent = (member: string): StatusSample => ({ kind: "status", atMs: 0, member, ok: false, error: "connect ECONNREFUSED" });

describe("leadershipOf", () => {
  it("is whom all name", () => {
    const latest = [says("etcd-1", "etcd-2", 3), says("etcd-2", "etcd-2", 3), says("etcd-3", "etcd-2", 3)];
    expect(leadershipOf(latest, 3)).to.deep.equal({ leader: "etcd-2", term: 3 });
  });

  it("is the new leader while the old one, cut off, still believes in itself", () => {
    const latest = [says("etcd-1", "etcd-1", 2), says("etcd-2", "etcd-3", 3), says("etcd-3", "etcd-3", 3)];
    expect(leadershipOf(latest, 3)).to.deep.equal({ leader: "etcd-3", term: 3 });
  });

  it("is nobody while the others look for a new leader", () => {
    const latest = [says("etcd-1", "etcd-1", 2), says("etcd-2", null, 3), says("etcd-3", null, 3)];
    expect(leadershipOf(latest, 3)).to.deep.equal({ leader: undefined, term: 3 });
  });

  it("is not a killed leader whom the others still name", () => {
    const latest = [silent("etcd-1"), says("etcd-2", "etcd-1", 2), says("etcd-3", "etcd-1", 2)];
    expect(leadershipOf(latest, 3)).to.deep.equal({ leader: undefined, term: 2 });
  });

  it("is the majority's leader while a cut-off candidate counts its term up", () => {
    const latest = [says("etcd-1", null, 9), says("etcd-2", "etcd-3", 3), says("etcd-3", "etcd-3", 3)];
    expect(leadershipOf(latest, 3)).to.deep.equal({ leader: "etcd-3", term: 3 });
  });

  it("is nobody when less than a majority answers, or none ever did", () => {
    expect(leadershipOf([says("etcd-1", "etcd-1", 2), silent("etcd-2"), silent("etcd-3")], 3).leader).to.equal(undefined);
    expect(leadershipOf([], 3)).to.deep.equal({ leader: undefined, term: undefined });
  });

  it("is a single member by itself", () => {
    expect(leadershipOf([says("etcd-1", "etcd-1", 2)], 1)).to.deep.equal({ leader: "etcd-1", term: 2 });
  });

  it("never depends on the order of the answers, and never names anyone who does not name itself", () => {
    const names = ["etcd-1", "etcd-2", "etcd-3", "etcd-4", "etcd-5"];
    const answer = fc.record({ leader: fc.option(fc.constantFrom(...names)), term: fc.integer({ min: 1, max: 3 }) });
    fc.assert(
      fc.property(fc.tuple(answer, answer, answer, answer, answer), (answers) => {
        const latest = answers.map(({ leader, term }, index) => says(names[index] ?? "", leader, term));
        const found = leadershipOf(latest, 5);
        expect(leadershipOf(latest.toReversed(), 5)).to.deep.equal(found);
        if (found.leader !== undefined) expect(latest.find(({ member }) => member === found.leader)).to.deep.include(found);
      }),
    );
  });
});
