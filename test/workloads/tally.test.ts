import { expect } from "chai";
import type { Operation, Outcome } from "../../src/recording/operation.ts";
import { Tally } from "../../src/workloads/tally.ts";

function ended(outcome: Outcome, latencyMs = 1): Operation {
  return { process: 0, client: 0, member: "etcd-1", op: "get", key: "k", intendedNs: 1e6, invokeNs: 2e6, returnNs: 1e6 + latencyMs * 1e6, outcome };
}

describe("the tally of a workload", () => {
  it("counts since it was last asked, and in all", () => {
    const tally = new Tally();
    for (const outcome of ["ok", "ok", "fail", "info"] as const) tally.operation(ended(outcome));
    tally.missed({ member: "etcd-2", count: 3, fromNs: 70e6, toNs: 130e6 });
    expect(tally.takeRecent()).to.deep.include({ ok: 2, fail: 1, info: 1, missed: 3, missedAt: [{ member: "etcd-2", atMs: 0, count: 2 }, { member: "etcd-2", atMs: 100, count: 1 }] });
    tally.operation(ended("info"));
    expect(tally.takeRecent()).to.deep.include({ ok: 0, fail: 0, info: 1, missed: 0, missedAt: [] });
    expect(tally.total()).to.deep.equal({ ok: 2, fail: 1, info: 2, missed: 3 });
  });

  it("has percentiles of the latency of what succeeded, by nearest rank and from the intended start", () => {
    const tally = new Tally();
    for (let latencyMs = 200; latencyMs >= 1; latencyMs -= 1) tally.operation(ended("ok", latencyMs));
    tally.operation(ended("info", 5_000));
    expect(tally.takeRecent()).to.include({ p50Ms: 100, p99Ms: 198 });
  });

  it("has no percentiles where nothing succeeded", () => {
    const tally = new Tally();
    tally.operation(ended("fail"));
    expect(tally.takeRecent()).to.include({ p50Ms: null, p99Ms: null });
  });

  it("tells workloads apart where there are several", () => {
    const tally = new Tally(["kv", "lease"]);
    for (const [outcome, kind] of [["ok", "kv"], ["ok", "kv"], ["info", "lease"]] as const) tally.operation(ended(outcome), kind);
    expect(tally.takeRecent()).to.deep.include({ ok: 2, kinds: [{ kind: "kv", ok: 2, fail: 0, info: 0 }, { kind: "lease", ok: 0, fail: 0, info: 1 }] });
    tally.operation(ended("fail"), "lease");
    expect(tally.takeRecent().kinds).to.deep.equal([{ kind: "kv", ok: 0, fail: 0, info: 0 }, { kind: "lease", ok: 0, fail: 1, info: 0 }]);
    expect(new Tally(["kv"]).takeRecent()).to.not.have.property("kinds");
    for (const clients of [[0, 3], [4, 5], [0, 3]] as [number, number][]) tally.missed({ member: "etcd-1", count: 1, fromNs: 10e6, toNs: 20e6, clients });
    expect(tally.takeRecent().missedAt).to.deep.equal([{ member: "etcd-1", clients: [0, 3], atMs: 0, count: 2 }, { member: "etcd-1", clients: [4, 5], atMs: 0, count: 1 }]);
  });
});
