import { expect } from "chai";

import { raftIds, recording } from "../recordings/builder.ts";
import { judged, problemsOf, titleOf } from "./judged.ts";

const [, two, three] = raftIds;
const first = { leader: "etcd-2", term: 2 };
const second = { leader: "etcd-3", term: 3 };

/** The leader etcd-2 is cut off at 5 s; the others elect etcd-3 at 6.2 s. */
const election = () =>
  recording()
    .phase("baseline", 0, 5_000)
    .phase("isolated", 5_000, 13_000)
    .statuses(0, 6_200, first, ["etcd-1", "etcd-3"])
    .statuses(6_230, 13_000, second, ["etcd-1", "etcd-3"])
    .statuses(0, 13_000, first, ["etcd-2"])
    .log("etcd-3", 6_210, `${three} became leader at term 3`);
const stable = () => recording().phase("baseline", 0, 5_000).phase("isolated", 5_000, 13_000).statuses(0, 13_000, first);

describe("leader-changes in a short window", () => {
  const run = () => recording().phase("first", 0, 5_000).phase("second", 5_000, 10_000).statuses(0, 5_000, { leader: "etcd-1", term: 2 });

  it("is inconclusive without a Status answer, and passes with few", () => {
    expect(judged("leader-changes", { "at-most": 0, during: "second", within: "900ms" }, run())).to.deep.include({ outcome: "inconclusive", reason: "too few members answered Status calls from 5 s to 5.9 s" });
    expect(judged("leader-changes", { "at-most": 0, during: "second", within: "900ms" }, run().statuses(5_400, 5_500, { leader: "etcd-1", term: 2 })).outcome).to.equal("pass");
  });

  it("passes where the members that did not answer did not run", () => {
    const down = ["etcd-2", "etcd-3"].reduce((built, member) => built.event({ type: "member", atMs: 4_900, member, state: "killed" }), run());
    expect(judged("leader-changes", { "at-most": 0, during: "second", within: "900ms" }, down.statuses(5_000, 10_000, { leader: "etcd-1", term: 2 }, ["etcd-1"])).outcome).to.equal("pass");
  });
});

describe("leader-changes", () => {
  it("passes where a new leader is seen in time, and shows where it was seen", () => {
    expect(judged("leader-changes", { during: "isolated", "at-least": 1, "new-leader-within": "5s" }, election())).to.deep.equal({
      outcome: "pass",
      observed: "1 change, new leader after 1.21 s",
      bound: "at least 1 change, new leader within 5 s",
      evidence: [{ kind: "log", atMs: 6_210, member: "etcd-3", text: `${three} became leader at term 3` }],
    });
  });

  it("fails where no new leader is seen, or too late, or too many are", () => {
    expect(judged("leader-changes", { during: "isolated", "at-least": 1 }, stable())).to.deep.include({ outcome: "fail", observed: "no change", reason: "no change was seen in the 8 s of isolated" });
    expect(judged("leader-changes", { during: "isolated", "new-leader-within": "1s" }, election()).outcome).to.equal("fail");
    expect(judged("leader-changes", { during: "isolated", "new-leader-within": "5s" }, stable()).outcome).to.equal("fail");
    expect(judged("leader-changes", { during: "isolated", "at-most": 0 }, election()).outcome).to.equal("fail");
    expect(judged("leader-changes", { during: "isolated", "at-least": 2 }, election()).outcome).to.equal("fail");
  });

  it("passes a stable leader, and says what was looked at", () => {
    const verdict = judged("leader-changes", { during: "isolated", "at-most": 0 }, stable());
    expect(verdict).to.deep.include({ outcome: "pass", observed: "no change", bound: "at most 0 changes" });
    expect(verdict.evidence[0]?.text).to.equal("240 Status answers in isolated, naming etcd-2 as leader");
  });

  it("is inconclusive about a stable leader without status, or with a gap in it, or from a minority", () => {
    const base = () => recording().phase("isolated", 0, 8_000);
    const atMost = { during: "isolated", "at-most": 0 };
    expect(judged("leader-changes", atMost, base()).outcome).to.equal("inconclusive");
    const gap = judged("leader-changes", atMost, base().statuses(0, 3_000, first).statuses(5_000, 8_000, first));
    expect(gap).to.deep.include({ outcome: "inconclusive", reason: "too few members answered Status calls from 2.9 s to 5 s" });
    const shortly = base().statuses(0, 5_050, first, ["etcd-1"]).statuses(7_000, 8_000, first, ["etcd-1"]).statuses(0, 3_000, first, ["etcd-2"]).statuses(5_030, 8_000, first, ["etcd-2"]).statuses(0, 8_000, first, ["etcd-3"]);
    expect(judged("leader-changes", atMost, shortly).outcome, "no leader comes and goes within 30 ms").to.equal("pass");
    expect(judged("leader-changes", atMost, base().statuses(0, 8_000, first, ["etcd-2"])).outcome).to.equal("inconclusive");
    expect(judged("leader-changes", atMost, base().statuses(0, 8_000, first, ["etcd-2", "etcd-1"])).outcome).to.equal("pass");
    expect(judged("leader-changes", atMost, base().statuses(0, 8_000, { error: "timed out" })).outcome).to.equal("inconclusive");
  });

  it("sees no leader in members that do not run", () => {
    const down = recording().phase("isolated", 0, 8_000).statuses(0, 8_000, first, ["etcd-2"]);
    for (const member of ["etcd-1", "etcd-3"]) down.event({ type: "member", atMs: -1, member, state: "killed" });
    expect(judged("leader-changes", { during: "isolated", "at-most": 0 }, down).outcome).to.equal("pass");
  });

  it("fails for a change that was seen, whatever was not", () => {
    const run = recording().phase("isolated", 0, 8_000).status("etcd-1", 0, first).status("etcd-1", 4_000, second);
    expect(judged("leader-changes", { during: "isolated", "at-most": 0 }, run).outcome).to.equal("fail");
  });

  it("does not take the first leader of the recording for a change, unless there was none before", () => {
    const late = recording().phase("baseline", 0, 2_000).statuses(40, 2_000, first);
    expect(judged("leader-changes", { "at-most": 0 }, late).outcome).to.equal("pass");
    const elected = recording().phase("baseline", 0, 2_000).statuses(40, 900, { leader: null, term: 1 }).statuses(940, 2_000, first);
    expect(judged("leader-changes", { "at-least": 1 }, elected).outcome).to.equal("pass");
  });

  it("counts a leader at the window's start, and none at its end", () => {
    const at = (atMs: number) => stable().log("etcd-3", atMs, `raft.node: ${two} elected leader ${three} at term 3`);
    expect(judged("leader-changes", { during: "isolated", "at-least": 1 }, at(5_000)).outcome).to.equal("pass");
    expect(judged("leader-changes", { during: "isolated", "at-least": 1 }, at(4_999)).outcome).to.equal("fail");
    expect(judged("leader-changes", { during: "isolated", "at-least": 1 }, at(13_000)).outcome).to.equal("fail");
  });

  it("is inconclusive where the time it allows was not seen to its end", () => {
    const cut = () => recording().phase("baseline", 0, 1_000).phase("isolated", 1_000, 3_000).statuses(0, 3_000, first).interrupted(3_000);
    expect(judged("leader-changes", { during: "isolated", "new-leader-within": "5s" }, cut()).outcome).to.equal("inconclusive");
    expect(judged("leader-changes", { during: "isolated", "new-leader-within": "1s" }, cut()).outcome).to.equal("fail");
    expect(judged("leader-changes", { during: "isolated", "at-least": 1 }, cut()).outcome).to.equal("inconclusive");
    expect(judged("leader-changes", { during: "isolated", "new-leader-within": "9s" }, stable())).to.deep.include({ outcome: "inconclusive", reason: "isolated lasted only 8 s" });
  });

  it("wants at least one bound", () => {
    expect(problemsOf("leader-changes", { during: "isolated" })).to.deep.equal(["needs at-least, at-most or new-leader-within"]);
    expect(problemsOf("leader-changes", { "at-least": -1 })).to.have.length(1);
    expect(titleOf("leader-changes", { during: "isolated", "at-least": 1 })).to.equal("leader changes during isolated");
  });
});
