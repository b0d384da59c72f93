import { expect } from "chai";
import { catchUp, furthestAt } from "../../src/check/convergence.ts";
import type { StatusSample } from "../../src/recording/samples.ts";

const told = (atMs: number, revision: number, { member = "etcd-1", appliedIndex = revision + 6 } = {}): StatusSample => ({ kind: "status", atMs, member, ok: true, leader: null, term: 2, revision, raftIndex: appliedIndex, appliedIndex });
const silent = (atMs: number): StatusSample => ({ kind: "status", atMs, member: "etcd-1", ok: false, error: "refused" });

describe("the furthest that members have come", () => {
  it("is the highest of what each told last, revision and index by themselves", () => {
    const statuses = [told(900, 90), told(950, 80, { member: "etcd-2", appliedIndex: 99 }), told(1_000, 91)];
    expect(furthestAt(statuses, 1_000)).to.deep.equal({ revision: 91, appliedIndex: 99 });
    expect(furthestAt(statuses, 999)).to.deep.equal({ revision: 90, appliedIndex: 99 });
  });

  it("takes what a member told last also where it is less, as after a restore", () => {
    expect(furthestAt([told(500, 90), told(900, 40)], 1_000)).to.deep.equal({ revision: 40, appliedIndex: 46 });
  });

  it("is not known where nobody told within the second before", () => {
    expect(furthestAt([told(1, 90)], 1_000)).to.not.equal(undefined);
    expect(furthestAt([told(1, 90)], 1_001)).to.equal(undefined);
    expect(furthestAt([silent(990), told(1_001, 90)], 1_000)).to.equal(undefined);
  });
});

describe("catching up", () => {
  const target = { revision: 90, appliedIndex: 96 };

  it("is seen between the last answer behind and the first one there", () => {
    const statuses = [told(100, 70), told(200, 89), silent(250), told(300, 95), told(400, 99)];
    const { behind, there } = catchUp(statuses, "etcd-1", target, 0);
    expect([behind?.atMs, there?.atMs]).to.deep.equal([200, 300]);
  });

  it("wants the applied index too", () => {
    expect(catchUp([told(100, 90, { appliedIndex: 95 })], "etcd-1", target, 0)).to.have.property("there", undefined);
  });

  it("counts from the moment on, and that member alone", () => {
    const { behind, there } = catchUp([told(50, 95), told(90, 95, { member: "etcd-2" }), told(100, 80)], "etcd-1", target, 100);
    expect([behind?.atMs, there?.atMs]).to.deep.equal([100, undefined]);
    expect(catchUp([told(100, 90)], "etcd-1", target, 100)).to.have.nested.property("there.atMs", 100);
    expect(catchUp([silent(100)], "etcd-1", target, 0)).to.deep.equal({ behind: undefined, there: undefined });
  });
});
