import { expect } from "chai";
import type { Operation, Outcome } from "../../src/recording/operation.ts";
import type { WatchEvent, WatchResponse } from "../../src/recording/watch.ts";
import { recording, type RecordingBuilder } from "../recordings/builder.ts";
import { judged, problemsOf, titleOf } from "./judged.ts";

const changes = 150;
const put = (revision: number): WatchEvent => ({ type: "put", key: `k${revision}`, value: "v", modRevision: revision, createRevision: revision, version: 1 });

/** A watcher that is told one change a millisecond, from revision 2 on, as far as it comes. */
function watcher(number: number, told: number, leaveOut?: number): WatchResponse[] {
  const common = { watcher: number, member: `etcd-${number + 1}` };
  const events = Array.from({ length: told }, (_, index) => index + 2).filter((revision) => revision !== leaveOut);
  return [
    { ...common, atNs: 1e6, kind: "created", revision: 1, key: "\0", end: "\0", fromRevision: 2, prevKv: true },
    ...events.map((revision): WatchResponse => ({ ...common, atNs: revision * 1e6, kind: "events", revision, events: [put(revision)] })),
  ];
}

const history = Array.from({ length: changes }, (_, index): Operation => {
  const revision = index + 2;
  return { process: 0, client: 0, member: "etcd-1", op: "put", key: `k${revision}`, value: "v", intendedNs: revision * 1e6, invokeNs: revision * 1e6, returnNs: revision * 1e6 + 1, outcome: "ok", revision };
});

function run(responses: readonly WatchResponse[]): RecordingBuilder {
  return recording().phase("load", 0, 500).watches(responses, history).event({ type: "workload", atMs: 400, state: "stopped" });
}

describe("the assertion watch", () => {
  it("passes where every watcher was told everything to the end", () => {
    const verdict = judged("watch", {}, run([...watcher(0, changes), ...watcher(1, changes)]));
    expect(verdict).to.deep.include({ outcome: "pass", observed: "300 changes told to 2 watchers", bound: "every watch is told all changes, once and in order, and the same ones" });
    expect(verdict.evidence.map(({ text }) => text)).to.deep.equal(["302 responses to watchers, cut 0 times"]);
  });

  it("fails where a change is left out, and shows who was told it, and when", () => {
    const verdict = judged("watch", {}, run([...watcher(0, changes), ...watcher(1, changes, 40)]));
    expect(verdict).to.deep.include({ outcome: "fail", observed: "reliable is broken" });
    expect(verdict.reason).to.equal("the watch through etcd-2 was never told put k40 = v of revision 40, which the watch through etcd-1 was told, and goes on with put k41 = v of revision 41");
    expect(verdict.evidence.map(({ atMs, member, text }) => [atMs, member, text])).to.deep.equal([
      [39, "etcd-2", "watcher 1 is told put k39 = v of revision 39, at revision 39"],
      [40, "etcd-1", "watcher 0 is told put k40 = v of revision 40, at revision 40"],
      [41, "etcd-2", "watcher 1 is told put k41 = v of revision 41, at revision 41"],
    ]);
  });

  it("shows the acknowledged write that nobody was told", () => {
    const verdict = judged("watch", {}, run(watcher(0, changes, 40)));
    expect(verdict.outcome).to.equal("fail");
    expect(verdict.evidence[1]).to.deep.include({ kind: "operation", atMs: 40, member: "etcd-1" });
  });

  it("looks at the chosen guarantees alone", () => {
    const broken = run([...watcher(0, changes), ...watcher(1, changes, 40)]);
    expect(judged("watch", { guarantees: ["ordered", "unique"] }, broken)).to.deep.include({ outcome: "pass", bound: "revisions never decrease; no change comes twice" });
    expect(judged("watch", { guarantees: ["reliable"] }, broken).outcome).to.equal("fail");
  });

  it("names all guarantees that are broken, so that one that is expected hides no other", () => {
    const common = { watcher: 1, member: "etcd-2" } as const;
    const twice: WatchResponse = { ...common, atNs: 41.5e6, kind: "events", revision: 41, events: [put(41)] };
    const broken = run([...watcher(0, changes), ...watcher(1, changes, 40), twice].sort((a, b) => a.atNs - b.atNs));
    const verdict = judged("watch", {}, broken);
    expect(verdict.counterexample?.rule).to.equal("unique");
    expect(verdict.broken).to.deep.equal(["unique", "reliable"]);
    expect(verdict.observed).to.equal("unique and reliable are broken");
    expect(judged("watch", { guarantees: ["reliable"] }, broken).broken).to.deep.equal(["reliable"]);
  });

  it("is inconclusive where nobody watched", () => {
    expect(judged("watch", {}, run([]))).to.deep.include({ outcome: "inconclusive", observed: "no watch", reason: "nobody watched: `watch` beside the workload asks for it" });
    const unanswered: WatchResponse = { watcher: 0, member: "etcd-1", atNs: 1, kind: "cut", error: "UNAVAILABLE: gone" };
    expect(judged("watch", {}, run([unanswered]))).to.deep.include({ outcome: "inconclusive", reason: "nobody watched" });
  });

  it("is inconclusive where a watcher did not come to the end, also one that was never answered", () => {
    expect(judged("watch", {}, run([...watcher(0, changes), ...watcher(1, 120)]))).to.deep.include({ outcome: "inconclusive", reason: "the watch through etcd-2 came to revision 121 only, of 151" });
    const unanswered: WatchResponse = { watcher: 1, member: "etcd-2", atNs: 1, kind: "cut", error: "UNAVAILABLE: gone" };
    expect(judged("watch", {}, run([...watcher(0, changes), unanswered]))).to.deep.include({ outcome: "inconclusive", reason: "the watch through etcd-2 came to revision 1 only, of 151" });
  });

  it("is inconclusive where too little was told", () => {
    expect(judged("watch", { "at-least": 400 }, run([...watcher(0, changes), ...watcher(1, changes)]))).to.deep.include({ outcome: "inconclusive", reason: "only 300 changes were told, of 400 wanted" });
  });

  it("is inconclusive where the load did not end in order, and fails all the same where something is wrong", () => {
    const unended = (responses: readonly WatchResponse[]): RecordingBuilder => recording().phase("load", 0, 500).watches(responses, history);
    expect(judged("watch", {}, unended(watcher(0, changes)))).to.deep.include({ outcome: "inconclusive", reason: "the load did not end in order, so that operations may be missing which were under way" });
    expect(judged("watch", {}, unended([...watcher(0, changes), ...watcher(1, changes, 40)])).outcome).to.equal("fail");
  });

  it("is inconclusive where lines are damaged, since what they told may be missed otherwise", () => {
    const whole = run([...watcher(0, changes), ...watcher(1, changes, 40)]);
    const verdict = judged("watch", {}, { build: () => ({ ...whole.build(), defects: ["watches.jsonl:42 is damaged and left out"] }) });
    expect(verdict).to.deep.include({ outcome: "inconclusive", reason: "watches.jsonl:42 is damaged and left out" });
  });

  it("takes of a run that was cut short what was told by then, and cannot pass it", () => {
    const cutShort = (responses: readonly WatchResponse[]): RecordingBuilder => recording().phase("load", 0, 100).watches(responses, history).interrupted(100);
    expect(judged("watch", {}, cutShort([...watcher(0, changes), ...watcher(1, changes, 120)])).outcome, "told later").to.not.equal("fail");
    expect(judged("watch", {}, cutShort([...watcher(0, changes), ...watcher(1, changes, 40)])).outcome).to.equal("fail");
  });

  it("excuses a key before that was compacted, as a member's metrics tell", () => {
    const rewritten: WatchEvent = { type: "put", key: "k2", value: "w", modRevision: changes + 2, createRevision: 2, version: 2 };
    const responses: WatchResponse[] = [...watcher(0, changes), { watcher: 0, member: "etcd-1", atNs: 300e6, kind: "events", revision: changes + 2, events: [rewritten] }];
    expect(judged("watch", {}, run(responses))).to.deep.include({ outcome: "fail", observed: "prev-kv is broken" });
    expect(judged("watch", {}, run(responses).metrics("etcd-2", 200, { etcd_debugging_mvcc_compact_revision: changes + 2 })).outcome).to.equal("pass");
  });

  it("excuses it too where the load compacted, also where nobody knows whether it did", () => {
    const rewritten: WatchEvent = { type: "put", key: "k2", value: "w", modRevision: changes + 2, createRevision: 2, version: 2 };
    const responses: WatchResponse[] = [...watcher(0, changes), { watcher: 0, member: "etcd-1", atNs: 300e6, kind: "events", revision: changes + 2, events: [rewritten] }];
    const compaction = (outcome: Outcome): Operation => ({ process: 1, client: 1, member: "etcd-1", op: "compact", atRevision: changes + 2, intendedNs: 300e6, invokeNs: 300e6, returnNs: 301e6, outcome, ...(outcome === "ok" ? { revision: changes + 2 } : {}) });
    const after = (outcome: Outcome): RecordingBuilder => recording().phase("load", 0, 500).watches(responses, [...history, compaction(outcome)]).event({ type: "workload", atMs: 400, state: "stopped" });
    expect(["ok", "info", "fail"].map((outcome) => judged("watch", {}, after(outcome === "ok" ? "ok" : outcome === "info" ? "info" : "fail")).outcome)).to.deep.equal(["pass", "pass", "fail"]);
  });

  it("is inconclusive where one of several watchers through a member did not come to the end, and says of which key", () => {
    const one: WatchResponse = { watcher: 2, member: "etcd-1", atNs: 1e6, kind: "created", revision: 1, key: "k7", fromRevision: 2, prevKv: true };
    expect(judged("watch", {}, run([...watcher(0, changes), ...watcher(1, changes), one]))).to.deep.include({ outcome: "inconclusive", reason: "the watch of k7 through etcd-1 came to revision 1 only, of 151" });
    expect(judged("watch", {}, run([...watcher(0, changes), one, { watcher: 2, member: "etcd-1", atNs: 2e6, kind: "progress", revision: 151 }])).reason).to.match(/^the watch of k7 through etcd-1 from revision 2 on was never told put k7/);
  });

  it("shows the list with which a watcher began", () => {
    const list: WatchResponse = { watcher: 1, member: "etcd-2", atNs: 5e6, kind: "listed", key: "\0", end: "\0", askedNs: 4e6, revision: 3, kvs: [{ key: "k2", value: "v", modRevision: 2, createRevision: 2, version: 1 }] };
    const verdict = judged("watch", {}, run([...watcher(0, changes), list]));
    expect(verdict).to.deep.include({ outcome: "fail", observed: "listed is broken" });
    expect(verdict.evidence.at(-1)).to.deep.include({ kind: "event", atMs: 5, member: "etcd-2", text: "watcher 1 lists 1 key of revision 3" });
  });

  it("has options that are checked, and a title that tells what is chosen", () => {
    expect(problemsOf("watch", { guarantees: [] })).to.have.length(1);
    expect(problemsOf("watch", { guarantees: ["sorted"] })).to.have.length(1);
    expect(problemsOf("watch", { "at-least": 0 })).to.have.length(1);
    expect(titleOf("watch", {})).to.equal("what watches promise");
    expect(titleOf("watch", { guarantees: ["ordered", "prev-kv"] })).to.equal("watches: ordered, prev-kv");
  });
});
