import { expect } from "chai";

import { recording } from "../../recordings/builder.ts";
import { judged, problemsOf } from "../judged.ts";

const failing = { outcome: "fail" as const };
/** A put every 10 ms; those from 4 s to 6 s fail. The leader is another one from 5 s on. */
const run = () =>
  recording()
    .phase("baseline", 0, 4_000)
    .phase("cut", 4_000, 10_000)
    .phase("recovery", 10_000, 16_000)
    .operations(0, 16_000, 10, (atMs) => (atMs >= 4_000 && atMs < 6_000 ? failing : {}))
    .statuses(0, 5_000, { leader: "etcd-1", term: 2 })
    .statuses(5_000, 16_000, { leader: "etcd-2", term: 3 });
const cut = () => run().fault({ phase: "cut", targets: ["etcd-1"], requestedMs: 4_000, effectiveMs: 4_000, healingMs: 10_000, healedMs: 10_500 });

describe("how soon all is well after a fault", () => {
  it("is bounded from the fault's effect", () => {
    const verdict = judged("slo", { "after-effect": { "new-leader": "1s", "acknowledged-write": "3s", detected: "1s", "usual-latency": "3s" } }, cut());
    expect(verdict).to.deep.include({ outcome: "pass" });
    expect(verdict.observed).to.include("partition leader: detected after 1 s; partition leader: a new leader after 1 s; partition leader: a write acknowledged after 2 s");
    expect(judged("slo", { "after-effect": { "new-leader": "999ms" } }, cut())).to.deep.include({ outcome: "fail", reason: "partition leader: a new leader after 1 s" });
    expect(judged("slo", { "after-effect": { "acknowledged-write": "2s" } }, cut()).outcome).to.equal("fail");
  });

  it("is bounded from its healing", () => {
    expect(judged("slo", { "after-healing": { "acknowledged-write": "100ms", "usual-latency": "1s" } }, cut()).outcome).to.equal("pass");
    expect(problemsOf("slo", { "after-healing": { detected: "1s" } })).to.not.deep.equal([]);
    expect(problemsOf("slo", { "after-effect": {} })).to.deep.equal(["after-effect: needs at least one time"]);
  });

  it("fails for what never came only where it was looked for as long as it may take", () => {
    const { "after-healing": never, ...late } = { "after-healing": { "new-leader": "6s" }, later: { "after-healing": { "new-leader": "6001ms" } } };
    expect(judged("slo", { "after-healing": never }, cut())).to.deep.include({ outcome: "fail", reason: "partition leader: no new leader was seen up to 16 s" });
    expect(judged("slo", late.later, cut()).outcome).to.equal("inconclusive");
  });

  it("is of the faults that took effect in the window, and inconclusive where there were none", () => {
    expect(judged("slo", { "after-effect": { "new-leader": "1s" }, during: "cut" }, cut()).outcome).to.equal("pass");
    expect(judged("slo", { "after-effect": { "new-leader": "1s" }, during: "recovery" }, cut())).to.deep.include({ outcome: "inconclusive", reason: "no fault took effect in recovery" });
    expect(judged("slo", { "after-healing": { "acknowledged-write": "1s" } }, run())).to.deep.include({ outcome: "inconclusive", reason: "no fault was healed in run" });
  });

  it("is inconclusive where there is nothing to compare latency with", () => {
    const blind = recording().phase("cut", 0, 5_000).operations(1_000, 5_000, 10).fault({ phase: "cut", targets: ["etcd-1"], requestedMs: 500, effectiveMs: 500 });
    expect(judged("slo", { "after-effect": { "usual-latency": "1s" } }, blind)).to.deep.include({ outcome: "inconclusive", reason: "partition leader: there were too few operations before the first fault to compare with" });
  });
});
