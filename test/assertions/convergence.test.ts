import { expect } from "chai";
import { recording, type RecordingBuilder } from "../recordings/builder.ts";
import { judged, problemsOf, titleOf } from "./judged.ts";

const endMs = 10_000;

/** A load that ends at 10 s at revision 100, with answers of both members every 100 ms up to a time; etcd-2 is at what it is told to be at. */
function run(second: (atMs: number) => number | undefined, untilMs = 16_000): RecordingBuilder {
  const built = recording({ members: 2 }).phase("cut", 0, 6_000).phase("recovery", 6_000, endMs).event({ type: "workload", atMs: endMs, state: "stopped" });
  for (let atMs = 5_000; atMs <= untilMs; atMs += 100) {
    built.told("etcd-1", atMs, { revision: Math.min(100, atMs / 100) });
    const revision = second(atMs);
    if (revision === undefined) built.status("etcd-2", atMs, { error: "refused" });
    else built.told("etcd-2", atMs, { revision });
  }
  return built;
}

/** Behind up to a time, then with the others. */
const behindUntil = (untilMs: number) => (atMs: number): number => (atMs < untilMs ? 20 : 100);

describe("the assertion convergence", () => {
  it("passes where the last member came in time, and tells how long it took", () => {
    const verdict = judged("convergence", {}, run(behindUntil(10_300)));
    expect(verdict).to.deep.include({ outcome: "pass", observed: "revision 100, index 106 after 300 ms on etcd-2 (worst of 2 members)", bound: "all reach one revision within 5 s" });
    expect(verdict.evidence.map(({ text }) => text)).to.include.members(["etcd-2 at revision 20, index 26", "etcd-2 at revision 100, index 106"]);
  });

  it("passes at the very end of its time, and fails one answer later", () => {
    expect(judged("convergence", { within: "2s" }, run(behindUntil(12_000))).outcome).to.equal("pass");
    const late = judged("convergence", { within: "2s" }, run(behindUntil(12_100)));
    expect(late).to.deep.include({ outcome: "fail", observed: "there after 2.1 s on etcd-2 (worst of 2 members)" });
    expect(late.reason).to.equal("etcd-2: it was still at revision 20, index 26 after 2 s, and the others were at revision 100, index 106");
  });

  it("fails where a member never came, and was seen behind when the time was over", () => {
    expect(judged("convergence", {}, run(() => 99))).to.deep.include({ outcome: "fail", observed: "never seen there on etcd-2 (worst of 2 members)" });
  });

  it("wants the applied index too", () => {
    const stuck = run(() => 100, 9_000);
    for (let atMs = 9_900; atMs <= 16_000; atMs += 100) stuck.told("etcd-1", atMs, { revision: 100 }).told("etcd-2", atMs, { revision: 100, appliedIndex: 105 });
    expect(judged("convergence", {}, stuck)).to.deep.include({ outcome: "fail" });
  });

  it("is inconclusive where a gap hides whether it was in time", () => {
    const gap = run((atMs) => (atMs < 11_800 ? 20 : atMs < 12_500 ? undefined : 100));
    expect(judged("convergence", { within: "2s" }, gap)).to.deep.include({
      outcome: "inconclusive",
      reason: "etcd-2: it was at revision 20, index 26 after 1.7 s, of revision 100, index 106, and nothing was heard of it then until it was there after 2.5 s, so that nobody saw whether it was in time",
    });
    expect(judged("convergence", { within: "2500ms" }, gap).outcome, "it was seen there at the very end").to.equal("pass");
    expect(judged("convergence", { within: "1700ms" }, gap).outcome, "it was seen behind at the very end").to.equal("fail");
  });

  it("is inconclusive where a member was not seen at all, or not for long enough", () => {
    expect(judged("convergence", {}, run(() => undefined))).to.deep.include({ outcome: "inconclusive", reason: "etcd-2: it did not answer, so that nobody saw whether it was in time" });
    expect(judged("convergence", {}, run(() => 20, 12_000)).outcome, "seen for two seconds of five").to.equal("inconclusive");
  });

  it("is inconclusive where nobody was seen, and where no load ended", () => {
    expect(judged("convergence", {}, run(() => 100, 8_000))).to.deep.include({ outcome: "inconclusive", reason: "no member answered Status calls at 10 s" });
    const idle = recording({ members: 2 }).phase("recovery", 0, 1_000);
    expect(judged("convergence", {}, idle)).to.deep.include({ outcome: "inconclusive", reason: "no load ended in order: the recording has no such event" });
    expect(judged("convergence", {}, idle.interrupted(1_000))).to.have.property("reason", "no load ended in order: the run was interrupted by SIGINT");
  });

  it("can begin with a phase, while the load goes on: then each has to come where the first was", () => {
    // At 6 s etcd-1 is at revision 60; it goes on to 100 meanwhile.
    const verdict = judged("convergence", { during: "recovery" }, run((atMs) => (atMs < 7_000 ? 59 : 60)));
    expect(verdict).to.deep.include({ outcome: "pass", observed: "revision 60, index 66 after 1 s on etcd-2 (worst of 2 members)" });
    expect(judged("convergence", { during: "recovery", within: "900ms" }, run((atMs) => (atMs < 7_000 ? 59 : 60))).outcome).to.equal("fail");
    expect(judged("convergence", { during: "recovery" }, recording({ members: 2 }).phase("cut", 0, 1_000).interrupted(1_000))).to.have.property("reason", "recovery never began: the run was interrupted by SIGINT");
  });

  it("does not hold a restored cluster to where the one before it was", () => {
    const restored = (effectiveMs: number) => run(() => 20).fault({ kind: "restore-snapshot", phase: "recovery", targets: ["etcd-1", "etcd-2"], requestedMs: 6_100, effectiveMs, healingMs: 7_000, healedMs: 7_000 });
    expect(judged("convergence", { during: "recovery" }, restored(6_500))).to.deep.include({ outcome: "inconclusive", reason: "the cluster was exchanged at 6.5 s for one restored from a snapshot, which begins with lower figures" });
    expect(judged("convergence", {}, restored(9_500)).outcome, "what was told before it is old").to.equal("inconclusive");
    expect(judged("convergence", {}, restored(6_500)).outcome).to.equal("fail");
  });

  it("can be of some members alone", () => {
    expect(judged("convergence", { of: "etcd-1" }, run(() => 20)).outcome).to.equal("pass");
    expect(judged("convergence", { of: "any" }, run(() => 20)).outcome).to.equal("pass");
    expect(judged("convergence", { of: "etcd-3" }, run(() => 20)).outcome).to.equal("inconclusive");
  });

  it("reads well, and has options that are checked", () => {
    expect(titleOf("convergence", {})).to.equal("convergence after the load");
    expect(titleOf("convergence", { during: "recovery", of: "faulted" })).to.equal("convergence after the beginning of recovery, each member that a fault hit");
    expect(problemsOf("convergence", { within: "0s" })).to.have.length(1);
    expect(problemsOf("convergence", { during: ["a", "b"] })).to.have.length(1);
  });
});
