import { expect } from "chai";
import { unavailability } from "../../../src/analysis/availability.ts";
import { clientErrors, memberShares, phaseFigures } from "../../../src/report/html/phase-figures.ts";
import { recording } from "../../recordings/builder.ts";

const run = recording()
  .phase("before", 0, 1_000)
  .phase("during", 1_000, 2_000)
  .operations(0, 1_000, 10, (atMs) => ({ tookMs: atMs / 10 + 1, member: "etcd-1" }))
  .operation({ atMs: 1_100, tookMs: 500, outcome: "info", error: "timed out", member: "etcd-2" })
  .operation({ atMs: 1_200, tookMs: 1, outcome: "fail", error: "no leader", member: "etcd-2" })
  .operation({ atMs: 1_300, tookMs: 1, outcome: "fail", error: "no leader", member: "etcd-2" })
  .operation({ atMs: 1_700, tookMs: 100, member: "etcd-1" })
  .build();

describe("the figures of phases", () => {
  const outages = unavailability(run.operations, { startMs: 0, endMs: 2_000 });
  const [before, during, ...others] = phaseFigures(run.phases, run.operations, outages);

  it("count operations where they were meant to start, by outcome", () => {
    expect(before).to.include({ op: "put", ok: 100, fail: 0, info: 0 });
    expect(during).to.include({ op: "put", ok: 1, fail: 2, info: 1 });
    expect(others).to.deep.equal([]);
  });

  it("are in the order of the kinds, not in that of their names", () => {
    const mixed = recording().phase("p", 0, 100).watches([], [{ process: 1, client: 1, member: "etcd-1", op: "lease-revoke", lease: 7, revision: 9, intendedNs: 0, invokeNs: 0, returnNs: 1, outcome: "ok" }]).operation({ atMs: 2, op: "get" }).operation({ atMs: 3 }).build();
    expect(phaseFigures(mixed.phases, mixed.operations, []).map(({ op }) => op)).to.deep.equal(["put", "get", "lease-revoke"]);
  });

  it("take percentiles of the ok operations by nearest rank", () => {
    expect(before).to.include({ p50Ms: 50, p95Ms: 95, p99Ms: 99, maxMs: 100 });
    expect(during).to.include({ p50Ms: 100, maxMs: 100 });
  });

  it("have no percentiles where nothing was ok", () => {
    const none = recording().phase("p", 0, 100).operation({ atMs: 1, outcome: "fail" }).build();
    expect(phaseFigures(none.phases, none.operations, [])[0]).to.include({ p50Ms: undefined, maxMs: undefined });
  });

  it("name the longest stretch without a write in the phase", () => {
    expect(during?.longestOutageMs).to.be.within(600, 800);
  });

  it("show which member did not answer", () => {
    expect(memberShares(run.phases, run.operations, [])).to.deep.equal([
      { member: "etcd-1", phases: [{ ok: 100, due: 100 }, { ok: 1, due: 1 }] },
      { member: "etcd-2", phases: [{ ok: 0, due: 0 }, { ok: 0, due: 3 }] },
    ]);
  });

  it("count what was due and never sent against the member that would have been asked", () => {
    const atMs = run.phases[1]?.startMs ?? 0;
    expect(memberShares(run.phases, run.operations, [{ member: "etcd-2", atMs, count: 7 }])[1]?.phases[1]).to.deep.equal({ ok: 0, due: 10 });
  });

  it("list errors, the most frequent first, with when they were seen", () => {
    expect(clientErrors(run.operations)).to.deep.equal([
      { text: "no leader", outcome: "fail", times: 2, firstMs: 1_201, lastMs: 1_301 },
      { text: "timed out", outcome: "info", times: 1, firstMs: 1_600, lastMs: 1_600 },
    ]);
  });
});
