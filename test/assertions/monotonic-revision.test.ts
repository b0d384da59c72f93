import { expect } from "chai";
import type { Operation } from "../../src/recording/operation.ts";
import { recording, type RecordingBuilder } from "../recordings/builder.ts";
import { judged, problemsOf, titleOf } from "./judged.ts";

const get = (atMs: number, revision: number, more: { readonly member?: string; readonly serializable?: true } = {}): Operation => ({
  process: 0, client: 0, member: "etcd-1", op: "get", key: "k", intendedNs: atMs * 1e6, invokeNs: atMs * 1e6, returnNs: atMs * 1e6 + 1e6, outcome: "ok", revision, ...more,
});

/** Gets every 10 ms, each at one revision more, and a Status of each member every 100 ms. */
function growing(): RecordingBuilder {
  const run = recording().phase("load", 0, 2_000).event({ type: "workload", atMs: 2_000, state: "stopped" });
  run.watches([], Array.from({ length: 150 }, (_, index) => get(index * 10, 2 + index)));
  for (let atMs = 0; atMs < 2_000; atMs += 100) for (const member of ["etcd-1", "etcd-2", "etcd-3"]) run.told(member, atMs, { revision: atMs / 10 });
  return run;
}

const restored = (run: RecordingBuilder, effectiveMs?: number): RecordingBuilder =>
  run.fault({ kind: "restore-snapshot", phase: "load", targets: ["etcd-1"], requestedMs: 1_500, ...(effectiveMs === undefined ? {} : { effectiveMs }), healedMs: 1_900 });

describe("the assertion monotonic-revision", () => {
  it("passes where nothing went back, and counts what it looked at", () => {
    expect(judged("monotonic-revision", {}, growing())).to.deep.include({ outcome: "pass", observed: "150 answers to clients and 57 Status answers in order", bound: "none is lower than one that was told before" });
  });

  it("fails at an answer that went back, and shows both", () => {
    const verdict = judged("monotonic-revision", {}, growing().watches([], [get(1_600, 100, { member: "etcd-2" })]));
    expect(verdict).to.deep.include({ outcome: "fail", observed: "revision went back" });
    expect(verdict.reason).to.match(/^get k by process 0 on etcd-2 is answered revision 100, and it began after get k by process 0 on etcd-1 had been answered revision 151$/);
    expect(verdict.evidence.map(({ kind, member }) => [kind, member])).to.deep.equal([["operation", "etcd-1"], ["operation", "etcd-2"]]);
  });

  it("fails at a member that says less than before, and shows both answers", () => {
    const verdict = judged("monotonic-revision", {}, growing().told("etcd-2", 1_950, { revision: 190, term: 1 }));
    expect(verdict).to.deep.include({ outcome: "fail", observed: "term went back", reason: "etcd-2 is at term 1, and was at 2 before, in one life of its process" });
    expect(verdict.evidence.map(({ text }) => text)).to.deep.equal([
      "etcd-2: revision 190, term 2, raft index 196, applied index 196",
      "etcd-2: revision 190, term 1, raft index 196, applied index 196",
    ]);
  });

  it("excuses a member that began anew, and what it alone answers", () => {
    const anew = growing().event({ type: "member", atMs: 1_940, member: "etcd-2", state: "killed" }).event({ type: "member", atMs: 1_945, member: "etcd-2", state: "started" });
    expect(judged("monotonic-revision", {}, anew.told("etcd-2", 1_950, { revision: 10, term: 0 })).outcome).to.equal("pass");
    const alone = growing().event({ type: "member", atMs: 1_700, member: "etcd-1", state: "started" }).watches([], [get(1_950, 10, { serializable: true })]);
    expect(judged("monotonic-revision", {}, alone).outcome).to.equal("pass");
    const paused = growing().event({ type: "member", atMs: 1_700, member: "etcd-1", state: "resumed" }).watches([], [get(1_950, 10, { serializable: true })]);
    expect(judged("monotonic-revision", {}, paused).outcome).to.equal("fail");
  });

  it("compares nothing across a restore from a snapshot, whose time is known or not", () => {
    expect(judged("monotonic-revision", {}, restored(growing(), 1_600).watches([], [get(1_700, 20)])).outcome).to.equal("pass");
    expect(judged("monotonic-revision", {}, restored(growing(), 1_600).watches([], [get(1_700, 20), get(1_800, 19)])).outcome).to.equal("fail");
    expect(judged("monotonic-revision", {}, restored(growing()).watches([], [get(1_700, 20), get(1_950, 19)])).outcome).to.equal("pass");
    expect(judged("monotonic-revision", {}, restored(growing()).watches([], [get(1_950, 20), get(1_960, 19)])).outcome).to.equal("fail");
  });

  it("does not pass where a restore leaves too little to compare", () => {
    const hardly = growing().fault({ kind: "restore-snapshot", phase: "load", targets: ["etcd-1"], requestedMs: 100, healedMs: 1_900 });
    expect(judged("monotonic-revision", {}, hardly)).to.deep.include({ outcome: "inconclusive", reason: "only 10 answers can be compared, of 100 wanted" });
  });

  it("is inconclusive with too few answers, and where a member was not seen", () => {
    expect(judged("monotonic-revision", { "at-least": 151 }, growing())).to.deep.include({ outcome: "inconclusive", reason: "only 150 operations were acknowledged, of 151 wanted" });
    const unseen = recording().phase("load", 0, 2_000).event({ type: "workload", atMs: 2_000, state: "stopped" });
    unseen.watches([], Array.from({ length: 150 }, (_, index) => get(index * 10, 2 + index))).told("etcd-1", 0, { revision: 1 }).told("etcd-1", 9, { revision: 1 }).told("etcd-2", 0, { revision: 1 });
    expect(judged("monotonic-revision", {}, unseen)).to.deep.include({ outcome: "inconclusive", reason: "etcd-2, etcd-3 did not answer Status calls, or once only" });
  });

  it("cannot pass where the load did not end in order, and fails all the same", () => {
    const unended = (): RecordingBuilder => recording().phase("load", 0, 2_000).watches([], [get(0, 9)]);
    expect(judged("monotonic-revision", { "at-least": 1 }, unended())).to.deep.include({ outcome: "inconclusive", reason: "the load did not end in order, so that operations may be missing which were under way" });
    expect(judged("monotonic-revision", {}, unended().watches([], [get(10, 8)])).outcome).to.equal("fail");
  });

  it("reads well", () => {
    expect(titleOf("monotonic-revision", {})).to.equal("revisions never go back");
    expect(problemsOf("monotonic-revision", { "at-least": 0 })).to.have.length(1);
  });
});
