import { expect } from "chai";

import { recording } from "../recordings/builder.ts";
import { judged, problemsOf, titleOf } from "./judged.ts";

const run = () => recording().phase("baseline", 0, 5_000).phase("isolated", 5_000, 13_000);
const failing = { outcome: "fail", error: "etcdserver: no leader" } as const;
/** A put every 10 ms; those from 5 s to 6.2 s fail. */
const interrupted = () => run().operations(0, 13_000, 10, (atMs) => (atMs >= 5_000 && atMs < 6_200 ? failing : {}));

describe("slo", () => {
  describe("availability", () => {
    it("is the share of operations that ended ok, by intended start", () => {
      expect(judged("slo", { availability: 0.8, during: "isolated" }, interrupted())).to.deep.include({ outcome: "pass", observed: "85 % ok of 800 operations, 75 % of the error budget (120 of 160)", bound: "at least 80 % ok" });
      const verdict = judged("slo", { availability: 0.99, during: "isolated" }, interrupted());
      expect(verdict).to.deep.include({ outcome: "fail", reason: "120 operations of 800 in isolated did not end ok" });
      expect(verdict.evidence[0]).to.deep.equal({ kind: "operation", atMs: 5_000, endMs: 5_002, member: "etcd-1", text: "put k on etcd-1: fail: etcdserver: no leader after 2 ms" });
    });

    it("is never rounded up", () => {
      const one = () => run().operations(0, 5_000, 0.25, (atMs) => (atMs === 100 ? failing : {}));
      expect(judged("slo", { availability: 1, during: "baseline" }, one())).to.deep.include({ outcome: "fail", observed: "99.99 % ok of 20,000 operations" });
    });

    it("counts what was due and never sent as not ok, in its own window", () => {
      const held = () => interrupted().event({ type: "missed", atMs: 9_000, requests: [{ member: "etcd-1", atMs: 4_900, count: 50 }, { member: "etcd-1", atMs: 8_000, count: 200 }] });
      expect(judged("slo", { availability: 0.68, during: "isolated" }, held())).to.deep.include({ outcome: "pass", observed: "68 % ok of 1,000 operations, 200 of them never sent, 100 % of the error budget (320 of 320)" });
      expect(judged("slo", { availability: 0.8, during: "isolated" }, held())).to.deep.include({ outcome: "fail", reason: "320 operations of 1,000 in isolated did not end ok, 200 of them never sent" });
      expect(judged("slo", { availability: 0.99, during: "baseline" }, held())).to.deep.include({ outcome: "fail", observed: "90.9 % ok of 550 operations, 50 of them never sent, 909 % of the error budget (50 of 5.5)" });
    });

    it("fails where nothing of what was due was sent", () => {
      const mute = () => run().event({ type: "missed", atMs: 9_000, requests: [{ member: "etcd-1", atMs: 8_000, count: 9 }] });
      expect(judged("slo", { availability: 0.1, during: "isolated" }, mute())).to.deep.include({ outcome: "fail", observed: "0 % ok of 9 operations, 9 of them never sent, 111.11 % of the error budget (9 of 8.1)" });
    });

    it("counts what was never sent by the share of its kind, which was never drawn", () => {
      const mixed = () => run().operations(0, 1_000, 10, (atMs) => ({ op: atMs % 40 === 0 ? "put" : "get" })).event({ type: "missed", atMs: 900, requests: [{ member: "etcd-1", atMs: 800, count: 100 }] });
      expect(judged("slo", { availability: 0.5, op: "put" }, mixed()).observed).to.equal("50 % ok of 50 operations, 25 of them never sent, 100 % of the error budget (25 of 25)");
    });

    it("counts a part of an operation that was never sent as a part, and never as none", () => {
      // One of four is a put, and one was not sent.
      const held = () => run().operations(0, 1_000, 10, (atMs) => ({ op: atMs % 40 === 0 ? "put" : "get" })).event({ type: "missed", atMs: 900, requests: [{ member: "etcd-1", atMs: 800, count: 1 }] });
      expect(judged("slo", { availability: 1, op: "put" }, held())).to.deep.include({ outcome: "fail", observed: "99 % ok of 25.25 operations, 0.25 of them never sent", reason: "0.25 operations of 25.25 in run did not end ok, 0.25 of them never sent" });
      expect(judged("slo", { answered: { within: "1s", share: 1 }, op: "put" }, held()).outcome).to.equal("fail");
      expect(judged("slo", { availability: 0.99, op: "put" }, held())).to.deep.include({ outcome: "pass", observed: "99 % ok of 25.25 operations, 0.25 of them never sent, 99 % of the error budget (0.25 of 0.2525)" });
      expect(judged("slo", { availability: 0.9901, op: "put" }, held()).outcome).to.equal("fail");
    });

    it("counts what was never sent by the share that its kind has in its own workload", () => {
      const missed = (clients: [number, number]) => ({ type: "missed" as const, atMs: 900, requests: [{ member: "etcd-1", atMs: 800, count: 100, clients }] });
      const both = () => run().operations(0, 1_000, 10, () => ({ op: "put", client: 1 })).operations(0, 1_000, 10, () => ({ op: "get", client: 2 })).event(missed([0, 1]));
      expect(judged("slo", { availability: 0.5, op: "put" }, both()).observed).to.equal("50 % ok of 200 operations, 100 of them never sent, 100 % of the error budget (100 of 100)");
      expect(judged("slo", { availability: 1, "recovery-within": "500ms", op: "get" }, both()).outcome).to.equal("pass");
      expect(judged("slo", { "recovery-within": "500ms", op: "put" }, both()).outcome).to.equal("fail");
      const silent = () => run().operations(0, 1_000, 10, () => ({ op: "get", client: 2 })).event(missed([0, 1]));
      expect(judged("slo", { availability: 1 }, silent()).observed).to.equal("50 % ok of 200 operations, 100 of them never sent");
    });

    it("is of one kind of operation where asked for", () => {
      const mixed = () => run().operation({ op: "put", atMs: 100, outcome: "info" }).operation({ op: "get", atMs: 100 });
      expect(judged("slo", { availability: 1, op: "get" }, mixed()).outcome).to.equal("pass");
      expect(judged("slo", { availability: 1, op: "put" }, mixed()).outcome).to.equal("fail");
      expect(judged("slo", { availability: 1 }, mixed()).outcome).to.equal("fail");
    });
  });

  describe("latency", () => {
    const slow = () => run().operations(0, 1_000, 10, (atMs) => ({ tookMs: atMs === 500 ? 900 : 5 }));

    it("is a quantile of ok operations from their intended start", () => {
      expect(judged("slo", { latency: { below: "10ms" } }, slow())).to.deep.include({ outcome: "pass", observed: "p99 5 ms of 100 ok operations", bound: "p99 below 10 ms" });
      const verdict = judged("slo", { latency: { quantile: 1, below: "900ms" } }, slow());
      expect(verdict).to.deep.include({ outcome: "fail", observed: "p100 900 ms of 100 ok operations" });
      expect(verdict.evidence[0]?.text).to.include("ok after 900 ms");
    });

    it("is inconclusive where none was ok", () => {
      expect(judged("slo", { latency: { below: "10ms" } }, run().operation({ atMs: 10, outcome: "info" }))).to.deep.include({ outcome: "inconclusive", reason: "none of 1 operation in run ended ok" });
    });
  });

  describe("longest-unavailability", () => {
    it("is the longest time without an acknowledged write", () => {
      expect(judged("slo", { "longest-unavailability": "3s", during: "isolated" }, interrupted())).to.deep.include({ outcome: "pass", observed: "longest without a write 1.2 s", bound: "at most 3 s without a write" });
      const verdict = judged("slo", { "longest-unavailability": "1s", during: "isolated" }, interrupted());
      expect(verdict.outcome).to.equal("fail");
      expect(verdict.evidence).to.deep.equal([{ kind: "window", atMs: 5_000, endMs: 6_202, text: "no write acknowledged for 1.2 s, 120 attempted" }].map((each) => ({ ...each, text: verdict.evidence[0]?.text })));
    });

    it("is known where a write waits through the window, and inconclusive where none was attempted", () => {
      expect(judged("slo", { "longest-unavailability": "3s", during: "isolated" }, run().operation({ atMs: 4_000, tookMs: 8_500 })).outcome).to.equal("fail");
      expect(judged("slo", { "longest-unavailability": "3s" }, run().operations(0, 5_000, 10, () => ({ op: "get" })))).to.deep.include({ outcome: "inconclusive", reason: "no write was attempted in run" });
    });
  });

  describe("recovery-within", () => {
    const recovery = (limit: string, from: number, to: number) =>
      judged("slo", { "recovery-within": limit, during: "isolated" }, run().operations(0, 13_000, 10, (atMs) => (atMs >= from && atMs < to ? failing : {})));

    it("is the time from the window's start to the last operation that was not ok", () => {
      expect(recovery("2s", 5_000, 6_200)).to.deep.include({ outcome: "pass", observed: "recovered after 1.19 s", bound: "recovered within 2 s" });
      expect(recovery("1s", 5_000, 6_200)).to.deep.include({ outcome: "fail", reason: "the last operation that was not ok was due 1.19 s into isolated" });
    });

    it("takes no time where nothing failed", () => {
      expect(recovery("0s", 0, 5_000)).to.deep.include({ outcome: "pass", observed: "recovered at once: all 800 operations begun in isolated ended ok" });
    });

    it("goes on while requests are never sent", () => {
      const held = () => run().operations(0, 13_000, 10).event({ type: "missed", atMs: 9_000, requests: [{ member: "etcd-1", atMs: 8_000, count: 1 }] });
      expect(judged("slo", { "recovery-within": "2s", during: "isolated" }, held())).to.deep.include({ outcome: "fail", observed: "recovered after 3 s" });
    });

    it("points first at what it is held against, be it the last operation that was not ok or one that was never sent", () => {
      const mixed = (missedAtMs: number) =>
        run().operations(0, 13_000, 10, (atMs) => (atMs >= 5_000 && atMs < 6_200 ? failing : {})).event({ type: "missed", atMs: 12_000, requests: [{ member: "etcd-1", atMs: missedAtMs, count: 1 }] });
      const first = (missedAtMs: number) => judged("slo", { "recovery-within": "1s", during: "isolated" }, mixed(missedAtMs)).evidence[0];
      expect(first(8_000)).to.deep.include({ kind: "window", atMs: 8_000 });
      expect(first(5_500)).to.deep.include({ kind: "operation", atMs: 6_190 });
    });

    it("fails where operations still fail at the end, however long is allowed", () => {
      expect(recovery("60s", 12_000, 13_000)).to.deep.include({ outcome: "fail", observed: "still failing after 7.99 s" });
      expect(recovery("60s", 12_900, 13_000).outcome).to.equal("fail");
      expect(recovery("60s", 12_910, 13_000).outcome).to.equal("pass");
    });
  });

  it("judges several objectives as the worst of them, and states each", () => {
    const verdict = judged("slo", { availability: 0.99, "longest-unavailability": "3s", "recovery-within": "2s", latency: { quantile: 0.5, below: "1s" }, during: "isolated" }, interrupted());
    expect(verdict).to.deep.include({
      outcome: "fail",
      observed: "85 % ok of 800 operations, 1,500 % of the error budget (120 of 8); p50 2 ms of 680 ok operations; longest without a write 1.2 s; recovered after 1.19 s",
      bound: "at least 99 % ok; p50 below 1 s; at most 3 s without a write; recovered within 2 s",
      reason: "120 operations of 800 in isolated did not end ok",
    });
    expect(verdict.evidence.length).to.be.within(1, 10);
  });

  it("is inconclusive without operations", () => {
    for (const objective of [{ availability: 0.1 }, { latency: { below: "1h" } }, { "longest-unavailability": "1h" }, { "recovery-within": "1h" }]) {
      expect(judged("slo", objective, run()).outcome, JSON.stringify(objective)).to.equal("inconclusive");
      expect(judged("slo", { ...objective, during: "isolated" }, run().operations(0, 5_000, 10)).outcome, JSON.stringify(objective)).to.equal("inconclusive");
    }
  });

  it("judges no share or quantile of a window that was cut short, but what has been too long", () => {
    const cut = () => interrupted().interrupted(13_000);
    expect(judged("slo", { availability: 0.99, during: "isolated" }, cut()).outcome).to.equal("inconclusive");
    expect(judged("slo", { "longest-unavailability": "1s", during: "isolated" }, cut()).outcome).to.equal("fail");
    expect(judged("slo", { "longest-unavailability": "3s", during: "isolated" }, cut()).outcome).to.equal("inconclusive");
    expect(judged("slo", { "recovery-within": "1s", during: "isolated" }, cut()).outcome).to.equal("fail");
    expect(judged("slo", { "recovery-within": "3s", during: "isolated" }, cut()).outcome).to.equal("inconclusive");
  });

  it("wants an objective that fits the operations", () => {
    expect(problemsOf("slo", { during: "isolated" })).to.deep.equal(["needs at least one of availability, answered, fresh-reads, watch-delay, latency, longest-unavailability, recovery-within, after-effect, after-healing"]);
    expect(problemsOf("slo", { op: "get", "longest-unavailability": "3s" })[0]).to.match(/^longest-unavailability: is about writes/);
    expect(problemsOf("slo", { op: "range", "longest-unavailability": "3s" })[0]).to.match(/^longest-unavailability: is about writes/);
    expect(problemsOf("slo", { op: "txn", "longest-unavailability": "3s" })).to.deep.equal([]);
    expect(titleOf("slo", { availability: 0.9, op: "guarded-write" })).to.equal("availability of guarded-write operations over the run");
    expect(problemsOf("slo", { availability: 99 })).to.have.length(1);
    expect(problemsOf("slo", { latency: { below: "200ms", above: "1ms" } })).to.have.length(1);
    expect(titleOf("slo", { availability: 0.9, "recovery-within": "5s", op: "put", during: "isolated" })).to.equal("availability, recovery of puts during isolated");
  });
});
