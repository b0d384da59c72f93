import { expect } from "chai";
import fc from "fast-check";
import type { Finding } from "../../src/check/finding.ts";
import { checkLeases, expiredLeases } from "../../src/check/lease.ts";
import { wholeUntil } from "../../src/check/whole-until.ts";
import type { Operation } from "../../src/recording/operation.ts";
import { playLeases } from "./lease-cluster.ts";
import { during } from "./timed-operation.ts";

/** More on demand: CHECKED_HISTORIES=10000 npx mocha test/check. */
const plays = Number(process.env["CHECKED_HISTORIES"] ?? 30);

const slackNs = 10e9;
const key = "leased/7/0";
const grant = during(0, [1, 1.1], { op: "lease-grant", lease: 7, ttlS: 2, grantedTtlS: 2 });
const attach = during(0, [1.2, 1.3], { op: "put", key, value: "7", lease: 7, revision: 2 });
const keepAlive = (from: number, to: number, remainingS = 2): Operation => during(0, [from, to], { op: "lease-keep-alive", lease: 7, remainingS });
const revoke = (from: number, to: number, said: object = {}): Operation => during(0, [from, to], { op: "lease-revoke", lease: 7, ...said });
const get = (from: number, to: number, value: string | null): Operation => during(1, [from, to], { op: "get", key, value });

const check = (...history: Operation[]): Finding => checkLeases(history, { slackNs });

function expectViolated(finding: Finding, rule: string, sentence: RegExp, operations: readonly Operation[]): void {
  expect(finding).to.include({ kind: "violated", rule });
  if (finding.kind !== "violated") throw new Error("not violated");
  expect(finding.sentence).to.match(sentence);
  expect(finding.operations).to.deep.equal(operations);
}

describe("the checker of leases", function () {
  this.timeout(600_000);

  it("lets a lease end when its time is over, and not before", () => {
    expect(check(grant, attach, get(2, 2.9, "7"), get(2.9, 3.05, null))).to.deep.equal({ kind: "ok", checked: 2 });
    const early = get(2.5, 2.9, null);
    expectViolated(check(grant, attach, early), "expired early", /^get leased\/7\/0 by process 1 on etcd-2 finds no leased\/7\/0 1\.9 s after the beginning of grant of lease 7 for 2 s by process 0 on etcd-1, which let the lease live for 2 s$/, [grant, attach, early]);
  });

  it("counts from the last keep-alive that was answered", () => {
    const early = get(3.2, 3.3, null);
    expectViolated(check(grant, attach, keepAlive(2, 2.1), early), "expired early", /beginning of keep-alive of lease 7/, [attach, keepAlive(2, 2.1), early]);
    expect(check(grant, attach, keepAlive(2, 2.1), get(3.9, 4.1, null)).kind).to.equal("ok");
    expect(check(grant, attach, during(0, [2, 3], { op: "lease-keep-alive", lease: 7, outcome: "info" }), get(3.2, 3.3, null)).kind, "without an answer it proves nothing").to.equal("ok");
  });

  it("takes etcd's word that there is no such lease", () => {
    expectViolated(check(grant, keepAlive(2, 2.1, 0)), "expired early", /is told that there is no such lease/, [grant, keepAlive(2, 2.1, 0)]);
    const put = during(1, [2, 2.1], { op: "put", key, value: "7", lease: 7, outcome: "fail", error: "NOT_FOUND: etcdserver: requested lease not found" });
    expectViolated(check(grant, put), "expired early", /is told/, [grant, put]);
    expect(check(grant, keepAlive(2.9, 3.1, 0)).kind).to.equal("ok");
    const asked = during(1, [2, 2.1], { op: "lease-time-to-live", lease: 7, remainingS: -1 });
    expect(check(grant, asked).kind, "nothing orders a time-to-live").to.equal("ok");
  });

  it("does not believe that a lease comes back", () => {
    const gone = get(3.5, 3.6, null);
    expectViolated(check(grant, attach, gone, keepAlive(4, 4.1)), "lease came back", /finds no leased\/7\/0, and keep-alive of lease 7 .* which began later, finds lease 7 alive$/, [attach, gone, keepAlive(4, 4.1)]);
  });

  it("lets a revocation end a lease, also one that may have come", () => {
    expect(check(grant, attach, revoke(1.5, 1.6), get(1.7, 1.8, null)).kind).to.equal("ok");
    expect(check(grant, attach, revoke(1.5, 1.6, { outcome: "info" }), get(1.7, 1.8, null)).kind).to.equal("ok");
    expect(check(grant, attach, get(1.6, 1.7, null), revoke(1.8, 1.9)).kind, "not one that had not begun").to.equal("violated");
    expect(check(grant, attach, revoke(1.5, 1.6, { outcome: "fail", error: "UNAVAILABLE: etcdserver: no leader" }), get(1.7, 1.8, null)).kind, "nor one that failed").to.equal("violated");
  });

  it("finds a key that outlives the revocation of its lease", () => {
    const there = get(1.7, 1.8, "7");
    expectViolated(check(grant, attach, revoke(1.5, 1.6), there), "survived its revocation", /finds leased\/7\/0, and it began after revocation of lease 7/, [attach, revoke(1.5, 1.6), there]);
    expect(check(grant, attach, revoke(1.5, 1.75), there).kind, "one that it overlaps").to.equal("ok");
  });

  it("finds a lease that never ends, when its time and the slack are over", () => {
    const there = get(13.3, 13.4, "7");
    expectViolated(check(grant, attach, there), "never expired", /finds leased\/7\/0 10\.2 s after the lease should have ended, which grant of lease 7 for 2 s .* was the last to renew, for 2 s$/, [grant, attach, there]);
    expect(check(grant, attach, get(13.05, 13.2, "7")).kind).to.equal("ok");
    expect(check(grant, attach, keepAlive(2, 2.5), get(14.4, 14.5, "7")).kind, "kept alive since").to.equal("ok");
    expect(check(grant, attach, during(0, [2, 3], { op: "lease-keep-alive", lease: 7, outcome: "info" }), get(14.9, 15, "7")).kind, "perhaps kept alive since").to.equal("ok");
    const whole = during(1, [14, 14.1], { op: "range", key: "leased/", end: "leased0", kvs: [{ key, value: "7", modRevision: 2, createRevision: 2, version: 1 }], count: 1 });
    expectViolated(check(grant, attach, whole), "never expired", /^range/, [grant, attach, whole]);
  });

  it("says nothing of keys that others write or delete, or that a member shows from the past", () => {
    expect(check(grant, attach, during(2, [1.4, 1.5], { op: "delete", key, deleted: 1 }), get(1.7, 1.8, null)).kind).to.equal("ok");
    expect(check(grant, attach, during(2, [1.4, 1.5], { op: "put", key, value: "x" }), get(20, 21, "x")).kind).to.equal("ok");
    expect(check(grant, attach, during(1, [1.7, 1.8], { op: "get", key, value: null, serializable: true })).kind).to.equal("ok");
    expect(check(grant, attach, during(1, [20, 21], { op: "get", key, value: "7", atRevision: 2 })).kind).to.equal("ok");
    expect(check(grant, during(0, [1.2, 1.8], { op: "put", key, value: "7", lease: 7 }), get(1.7, 1.9, null)).kind, "a put that was not acknowledged yet").to.equal("ok");
  });

  it("counts the leases that were seen to expire, and not those that may have been revoked", () => {
    expect(expiredLeases([grant, attach, get(3.5, 3.6, null), get(3.7, 3.8, null)])).to.equal(1);
    expect(expiredLeases([grant, attach, revoke(1.5, 1.6), get(3.5, 3.6, null)])).to.equal(0);
    expect(expiredLeases([grant, attach, get(2, 2.1, "7")])).to.equal(0);
  });

  it("passes what a cluster does that keeps its promises, at every moment, whatever is late or lost on the way", async () => {
    await fc.assert(
      fc.asyncProperty(fc.integer(), async (seed) => {
        const history = await playLeases({ seed });
        for (const atS of [7, 23, 41, 100]) {
          const finding = checkLeases(wholeUntil(history, atS * 1e9), { slackNs });
          expect(finding, finding.kind === "violated" ? finding.sentence : finding.kind).to.include({ kind: "ok" });
        }
        expect(expiredLeases(history), "leases that expired").to.be.greaterThan(5);
      }),
      { numRuns: plays },
    );
  });

  for (const [what, fault, rule] of [
    ["leases end half a second early", { earlyMs: 500 }, "expired early"],
    ["some leases never end", { immortal: 3 }, "never expired"],
    ["revoking deletes no keys", { revokesNothing: true }, "survived its revocation"],
  ] as const) {
    it(`finds it when ${what}`, async () => {
      await fc.assert(
        fc.asyncProperty(fc.integer(), async (seed) => {
          expect(checkLeases(await playLeases({ seed, fault }), { slackNs })).to.include({ kind: "violated", rule });
        }),
        { numRuns: Math.ceil(plays / 3) },
      );
    });
  }
});
