import { expect } from "chai";
import { lease } from "../../assertions/lease.ts";
import { lock } from "../../assertions/lock.ts";
import type { Verdict } from "../../assertions/verdict.ts";
import type { AssertionKind } from "../../assertions/assertion.ts";
import { checkNoLostWrites } from "../../src/check/no-lost-writes.ts";
import { checkStrictSerializable } from "../../src/check/strict-serializable.ts";
import type { Operation } from "../../src/recording/operation.ts";
import { playLeases, playLocks } from "../check/lease-cluster.ts";
import { recording } from "../recordings/builder.ts";

function judge(kind: AssertionKind, operations: readonly Operation[], options: object = {}): Verdict {
  const run = recording().phase("load", 0, 60_000).event({ type: "workload", atMs: 60_000, state: "stopped" });
  return kind.bind(options).judge({ ...run.build(), operations });
}

describe("the assertion about leases", () => {
  it("passes with the number of leases that were seen to expire", async () => {
    const verdict = judge(lease, await playLeases({ seed: 1 }));
    expect(verdict).to.include({ outcome: "pass", bound: "none ends before its time, and all within 15 s after it" });
    expect(verdict.observed).to.match(/^\d+ leases expired in time$/);
  });

  it("fails with the operations that show it", async () => {
    const verdict = judge(lease, await playLeases({ seed: 1, fault: { earlyMs: 800 } }));
    expect(verdict.outcome).to.equal("fail");
    expect(verdict.observed).to.match(/^expired early, in [\d,]+ operations$/);
    expect(verdict.outcome === "fail" && verdict.reason).to.match(/which let the lease live for 2 s$/);
    expect(verdict.evidence.map(({ text }) => text).join("\n")).to.match(/(grant|keep-alive) of lease \d+.*: ok at revision \d+, 2 s/);
  });

  it("is inconclusive where few leases expired, and where nothing was done", async () => {
    const verdict = judge(lease, await playLeases({ seed: 1 }), { "at-least": 1_000 });
    expect(verdict.outcome).to.equal("inconclusive");
    expect(verdict.outcome === "inconclusive" && verdict.reason).to.match(/^only \d+ leases were seen to expire, of 1000 wanted$/);
    expect(judge(lease, []).outcome).to.equal("inconclusive");
  });

  it("gives leases the time that it was told", async () => {
    const immortal = await playLeases({ seed: 1, fault: { immortal: 3 } });
    expect(judge(lease, immortal).outcome).to.equal("fail");
    expect(judge(lease, immortal, { "gone-within": "2m", "at-least": 1 }).outcome).to.equal("pass");
  });
});

describe("the assertion about locks", () => {
  it("passes and tells how fair they were", async () => {
    const verdict = judge(lock, await playLocks({ seed: 1, fenced: true }));
    expect(verdict.outcome).to.equal("pass");
    expect(verdict.observed).to.match(/^\d+ acquisitions by 4 clients, \d+ to \d+ each, the longest wait [\d.]+ (s|ms), \d+ gave up$/);
  });

  it("fails where writes are not fenced and come late", async () => {
    const verdict = judge(lock, await playLocks({ seed: 1, fenced: false, stallsOneIn: 30 }));
    expect(verdict.outcome).to.equal("fail");
    expect(verdict.observed).to.match(/^write by an old holder/);
    expect(verdict.evidence.length).to.be.within(3, 4);
  });

  it("is inconclusive where the lock changed hands too seldom, and where nothing was done", async () => {
    const verdict = judge(lock, await playLocks({ seed: 1, fenced: true }), { "at-least": 1_000 });
    expect(verdict.outcome === "inconclusive" && verdict.reason).to.match(/^only \d+ times a lock went from one client to another, of 1000 wanted$/);
    expect(judge(lock, []).outcome).to.equal("inconclusive");
  });
});

describe("checkers that know nothing of leases", () => {
  it("say so where keys end with leases", async () => {
    for (const history of [await playLeases({ seed: 1 }), await playLocks({ seed: 1, fenced: false })]) {
      for (const check of [checkStrictSerializable, checkNoLostWrites]) {
        const finding = check(history);
        expect(finding.kind === "unknown" && finding.because).to.match(/^keys are attached to leases/);
      }
    }
  });
});
