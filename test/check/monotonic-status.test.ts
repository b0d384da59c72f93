import { expect } from "chai";
import { checkMonotonicStatus } from "../../src/check/monotonic-status.ts";
import type { StatusSample } from "../../src/recording/samples.ts";

type Figures = Partial<Pick<Extract<StatusSample, { ok: true }>, "revision" | "term" | "raftIndex" | "appliedIndex">>;

const told = (atMs: number, figures: Figures = {}, member = "etcd-1"): StatusSample => ({ kind: "status", atMs, member, ok: true, leader: null, term: 3, revision: 50, raftIndex: 70, appliedIndex: 70, ...figures });
const silent = (atMs: number): StatusSample => ({ kind: "status", atMs, member: "etcd-1", ok: false, error: "refused" });
const oneLife = (): number => 0;

describe("what a member says of itself", () => {
  it("may stand still and grow", () => {
    expect(checkMonotonicStatus([told(0), told(1), told(2, { revision: 51, raftIndex: 71, appliedIndex: 71, term: 4 })], oneLife)).to.deep.equal({ kind: "ok", checked: 2 });
  });

  for (const [figure, name] of [["revision", "revision"], ["term", "term"], ["raftIndex", "raft index"], ["appliedIndex", "applied index"]] as const) {
    it(`is wrong where its ${name} falls, and says by how much`, () => {
      const [before, after] = [told(0, { [figure]: 50 }), told(1, { [figure]: 49 })];
      const found = checkMonotonicStatus([before, after], oneLife);
      expect(found).to.deep.include({ kind: "violated", rule: `${name} went back`, sentence: `etcd-1 is at ${name} 49, and was at 50 before, in one life of its process` });
      expect(found).to.have.deep.property("operations", [before, after]);
    });
  }

  it("is compared over gaps, and with nobody else", () => {
    expect(checkMonotonicStatus([told(0), silent(1), told(900, { revision: 49 })], oneLife).kind).to.equal("violated");
    expect(checkMonotonicStatus([told(0), told(1, { revision: 1 }, "etcd-2")], oneLife)).to.deep.equal({ kind: "ok", checked: 0 });
  });

  it("may begin anew with another life of the process, and is compared within that", () => {
    const lives = (_: string, atMs: number): number => (atMs < 10 ? 0 : 1);
    expect(checkMonotonicStatus([told(9), told(10, { revision: 1, term: 1, appliedIndex: 1, raftIndex: 1 })], lives).kind).to.equal("ok");
    expect(checkMonotonicStatus([told(9), told(10, { revision: 20 }), told(11, { revision: 19 })], lives).kind).to.equal("violated");
  });
});
