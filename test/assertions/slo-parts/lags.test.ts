import { expect } from "chai";

import type { Operation } from "../../../src/recording/operation.ts";
import type { WatchResponse } from "../../../src/recording/watch.ts";
import { recording } from "../../recordings/builder.ts";
import { judged } from "../judged.ts";

const common = { process: 1, client: 1, member: "etcd-1", outcome: "ok" } as const;
const at = (fromMs: number, toMs: number) => ({ intendedNs: fromMs * 1e6, invokeNs: fromMs * 1e6, returnNs: toMs * 1e6 });
const put = (revision: number, fromMs: number, toMs: number, key = "k1"): Operation => ({ ...common, ...at(fromMs, toMs), op: "put", key, value: `v${revision}`, revision });
const read = (revision: number, fromMs: number, more: object = {}): Operation => ({ ...common, member: "etcd-2", ...at(fromMs, fromMs + 1), op: "get", key: "k1", serializable: true, value: "v", revision, ...more });
const run = (operations: readonly Operation[], watches: readonly WatchResponse[] = []) => recording().phase("calm", 0, 1_000).phase("cut", 1_000, 5_000).watches(watches, operations);

describe("fresh reads", () => {
  const writes = [put(10, 100, 110), put(11, 200, 210), put(12, 300, 310)];
  const fresh = (bound: object, share = 1) => ({ "fresh-reads": { ...bound, share } });

  it("are as far behind as something newer had been acknowledged when they began", () => {
    // Revision 11 was acknowledged at 210 ms: 190 ms before, and 12 after it.
    const verdict = judged("slo", fresh({ within: "190ms" }), run([...writes, read(10, 400)]));
    expect(verdict).to.deep.include({ outcome: "pass", observed: "100 % at most 190 ms behind of 1 serializable read" });
    const late = judged("slo", fresh({ within: "189ms" }), run([...writes, read(10, 400)]));
    expect(late).to.deep.include({ outcome: "fail", reason: "1 serializable read of 1 in run were more than 189 ms behind" });
    expect(late.evidence[0]?.text).to.include("2 revisions and 190 ms behind");
  });

  it("may be bounded in revisions", () => {
    expect(judged("slo", fresh({ revisions: 2 }), run([...writes, read(10, 400)])).outcome).to.equal("pass");
    expect(judged("slo", fresh({ revisions: 1 }), run([...writes, read(10, 400)])).outcome).to.equal("fail");
  });

  it("are not behind what was acknowledged to nobody yet, nor where they know more", () => {
    expect(judged("slo", fresh({ revisions: 0 }), run([...writes, read(11, 309)])).outcome).to.equal("pass");
    expect(judged("slo", fresh({ revisions: 0 }), run([...writes, read(11, 310)])).outcome).to.equal("fail");
    expect(judged("slo", fresh({ revisions: 0 }), run([...writes, read(15, 400)])).outcome).to.equal("pass");
  });

  it("leave out reads by a quorum, of the past, and such as failed", () => {
    const others = [read(1, 400, { serializable: undefined }), read(1, 400, { atRevision: 1 }), read(1, 400, { outcome: "fail" }), read(1, 400, { final: true })];
    expect(judged("slo", fresh({ revisions: 0 }), run([...writes, ...others]))).to.deep.include({ outcome: "inconclusive", reason: "no serializable read was answered in run" });
  });

  it("are of their window, and a share of them may be behind", () => {
    const reads = [read(12, 400), read(12, 500), read(10, 1_500)];
    expect(judged("slo", { ...fresh({ revisions: 0 }), during: "calm" }, run([...writes, ...reads])).outcome).to.equal("pass");
    expect(judged("slo", { ...fresh({ revisions: 0 }), during: "cut" }, run([...writes, ...reads])).outcome).to.equal("fail");
    expect(judged("slo", fresh({ revisions: 0 }, 0.6), run([...writes, ...reads])).outcome).to.equal("pass");
  });

  it("are not held against what a restored snapshot took back", () => {
    const restored = run([...writes, put(5, 2_500, 2_510), read(5, 2_600), read(4, 2_700)]).fault({ kind: "restore-snapshot", phase: "cut", targets: ["etcd-1"], requestedMs: 1_500, effectiveMs: 2_000, healedMs: 2_100 });
    expect(judged("slo", { ...fresh({ revisions: 0 }, 0.5), during: "cut" }, restored).observed).to.include("50 % at most 0 revisions behind of 2 serializable reads");
  });
});

describe("the delay of watches", () => {
  const created = (watcher: number, fromRevision = 2): WatchResponse => ({ watcher, member: `etcd-${watcher + 1}`, atNs: 0, kind: "created", revision: 1, key: "k", end: "l", fromRevision, prevKv: false });
  const told = (watcher: number, atMs: number, revision: number): WatchResponse => ({
    watcher, member: `etcd-${watcher + 1}`, atNs: atMs * 1e6, kind: "events", revision, events: [{ type: "put", key: "k1", value: `v${revision}`, modRevision: revision, createRevision: 2, version: 1 }],
  });
  const delay = (within: string, share = 1) => ({ "watch-delay": { within, share } });
  const write = put(10, 100, 110);

  it("counts from the acknowledgement to each watcher of the key, and is none where it knew before", () => {
    const watches = [created(0), created(1), told(0, 105, 10), told(1, 160, 10)];
    expect(judged("slo", delay("50ms"), run([write], watches))).to.deep.include({ outcome: "pass", observed: "100 % told within 50 ms of 2 changes" });
    const late = judged("slo", delay("49ms"), run([write], watches));
    expect(late).to.deep.include({ outcome: "fail", reason: "1 change of 2 in run were not told to a watcher within 49 ms of their acknowledgement" });
    expect(late.evidence[0]).to.deep.include({ member: "etcd-2", atMs: 110, endMs: 160 });
  });

  it("takes what a watcher was never told for late", () => {
    const verdict = judged("slo", delay("1s"), run([write], [created(0), created(1), told(0, 120, 10)]));
    expect(verdict).to.deep.include({ outcome: "fail" });
    expect(verdict.evidence[0]?.text).to.include("it was never told");
  });

  it("does not take for late what was on its way when the run was cut short", () => {
    const cut = (ackedMs: number) => recording().phase("calm", 0, 5_000).watches([created(0), told(0, 105, 10), told(0, 105, 11)], [put(10, 100, 104), put(12, ackedMs - 10, ackedMs)]).interrupted(5_000);
    const sliding = { ...delay("1s"), window: { sliding: "1s" } };
    expect(judged("slo", sliding, cut(4_500)).outcome).to.equal("inconclusive");
    expect(judged("slo", sliding, cut(3_900)).outcome).to.equal("fail");
  });

  it("takes for told what a watcher lists anew after a cut", () => {
    const list: WatchResponse = { watcher: 0, member: "etcd-1", atNs: 150e6, kind: "listed", revision: 12, key: "k", end: "l", askedNs: 140e6, kvs: [] };
    expect(judged("slo", delay("40ms"), run([write], [created(0), { watcher: 0, member: "etcd-1", atNs: 120e6, kind: "cut", error: "gone" }, list])).outcome).to.equal("pass");
  });

  it("leaves out keys that nobody watches, revisions before the watch, and writes of unknown outcome", () => {
    const others: Operation[] = [put(9, 50, 60, "z"), put(10, 100, 110), { ...put(20, 200, 210), outcome: "info" }];
    expect(judged("slo", delay("1s"), run(others, [created(0, 11)]))).to.deep.include({ outcome: "inconclusive", reason: "no acknowledged write of run was of a key that somebody watched" });
    expect(judged("slo", delay("1s"), run([write])).outcome).to.equal("inconclusive");
  });
});
