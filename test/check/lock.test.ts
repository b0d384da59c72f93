import { expect } from "chai";
import fc from "fast-check";
import type { Finding } from "../../src/check/finding.ts";
import { checkLocks } from "../../src/check/lock.ts";
import { fairnessOf } from "../../src/check/locks/fairness.ts";
import { wholeUntil } from "../../src/check/whole-until.ts";
import { isKind, type Operation } from "../../src/recording/operation.ts";
import { playLocks } from "./lease-cluster.ts";
import { during } from "./timed-operation.ts";

/** More on demand: CHECKED_HISTORIES=10000 npx mocha test/check. */
const plays = Number(process.env["CHECKED_HISTORIES"] ?? 30);

type Span = readonly [number, number];

const grant = (client: number, span: Span): Operation => during(client, span, { op: "lease-grant", lease: client, ttlS: 2, grantedTtlS: 2 });
const keepAlive = (client: number, span: Span): Operation => during(client, span, { op: "lease-keep-alive", lease: client, remainingS: 2 });
const acquire = (client: number, span: Span, token: number | null, revision: number): Operation => during(client, span, { op: "lock-acquire", lock: "l0", lease: client, waitMs: 1_000, token, revision });
const release = (client: number, span: Span, said: object = { released: true }): Operation => during(client, span, { op: "lock-release", lock: "l0", lease: client, ...said });
const write = (client: number, span: Span, token: number, revision: number, fenced = false): Operation =>
  during(client, span, { op: "guarded-write", lock: "l0", lease: client, token, value: "v", fenced, written: true, revision });

function expectViolated(finding: Finding, rule: string, sentence: RegExp, operations: readonly Operation[]): void {
  expect(finding).to.include({ kind: "violated", rule });
  if (finding.kind !== "violated") throw new Error("not violated");
  expect(finding.sentence).to.match(sentence);
  expect(finding.operations).to.deep.equal(operations);
}

describe("the checker of locks", function () {
  this.timeout(600_000);

  const granted = [grant(1, [0, 0.1]), grant(2, [0, 0.1])];
  const first = acquire(1, [0.2, 0.3], 2, 2);

  it("lets one client hold a lock after the other", () => {
    const handedOver = [...granted, first, write(1, [0.4, 0.5], 2, 3), release(1, [0.6, 0.8]), acquire(2, [0.4, 0.7], 4, 6), write(2, [0.9, 1], 4, 7)];
    expect(checkLocks(handedOver)).to.deep.equal({ kind: "ok", checked: 4 });
  });

  it("finds two who hold a lock at once, both with leases that cannot have expired", () => {
    const second = acquire(2, [0.4, 0.5], 3, 3);
    expectViolated(checkLocks([...granted, first, second, release(1, [0.9, 1])]), "two holders", /lock l0 with lease 2 by process 2 on etcd-3 is answered token 3, and acquisition of lock l0 with lease 1 .* for 0\.4 s both had it/, [first, second]);
  });

  it("counts nobody as a sure holder whose lease may have expired", () => {
    const late = acquire(2, [0.4, 2.1], 3, 4);
    const alive = [...granted, keepAlive(2, [1, 1.1]), first, late];
    expect(checkLocks(alive).kind, "lease 1 was granted for two seconds").to.equal("ok");
    expect(checkLocks([...alive, keepAlive(1, [1.5, 1.6])]).kind, "and is alive if it was renewed").to.equal("violated");
    expect(checkLocks([...alive, during(1, [1.5, 1.6], { op: "lease-keep-alive", lease: 1, outcome: "info" })]).kind, "perhaps renewed").to.equal("ok");
  });

  it("counts nobody as a holder who has asked to release the lock, whatever came of it", () => {
    const second = acquire(2, [0.4, 0.7], 3, 4);
    expect(checkLocks([...granted, first, release(1, [0.6, 0.9], { outcome: "info" }), second]).kind).to.equal("ok");
    expect(checkLocks([...granted, first, during(1, [0.6, 0.9], { op: "lease-revoke", lease: 1 }), second]).kind).to.equal("ok");
    const unanswered = during(1, [0.05, 0.15], { op: "lease-revoke", lease: 1, outcome: "info" });
    expect(checkLocks([...granted, unanswered, first, second]).kind, "one that may come at any time").to.equal("ok");
    expect(checkLocks([...granted, first, during(1, [0.6, 0.9], { op: "lock-release", lock: "l1", lease: 1 }), second]).kind, "another lock").to.equal("violated");
  });

  it("finds a token that is not above that of the holder before", () => {
    const [before, after] = [acquire(1, [0.2, 0.3], 5, 5), acquire(2, [0.8, 0.9], 4, 8)];
    expectViolated(checkLocks([...granted, before, release(1, [0.5, 0.6]), after]), "token went back", /is answered token 4 at revision 8, and .* with token 5 at revision 5$/, [before, after]);
  });

  it("finds a write of an old holder after the next was given the lock, by the revisions alone", () => {
    const second = acquire(2, [2.2, 2.5], 4, 5);
    const news = write(2, [2.6, 2.7], 4, 6);
    const old = write(1, [1.5, 2.9], 2, 7);
    expectViolated(checkLocks([...granted, first, second, news, old]), "write by an old holder", /^unfenced write under lock l0 with token 2 by process 1 on etcd-2 is done at revision 7, and .* with token 4 at revision 5 and written under it at revision 6$/, [first, old, second, news]);
    expect(checkLocks([...granted, first, second, news, { ...old, revision: 3 }]).kind, "done before, answered after").to.equal("ok");
    expect(checkLocks([...granted, first, second, news, during(1, [1.5, 2.9], { op: "guarded-write", lock: "l0", lease: 1, token: 2, value: "v", fenced: true, written: false, revision: 7 })]).kind, "held off").to.equal("ok");
    expect(checkLocks([...granted, first, second, write(1, [1.5, 2.9], 2, 7, true)]), "through the fence").to.include({ rule: "write by an old holder" });
  });

  it("keeps locks apart", () => {
    const other = during(2, [0.4, 0.5], { op: "lock-acquire", lock: "l1", lease: 2, waitMs: 1_000, token: 3, revision: 3 });
    expect(checkLocks([...granted, first, other]).kind).to.equal("ok");
  });

  it("tells how fair the lock was", () => {
    const history = [...granted, first, release(1, [0.6, 0.8]), acquire(2, [0.4, 0.7], 4, 6), release(2, [0.9, 1]), acquire(1, [1, 1.2], 8, 8), acquire(3, [1, 2], null, 9)];
    expect(fairnessOf(history)).to.deep.equal({ acquisitions: 3, handovers: 2, clients: 3, fewest: 0, most: 2, longestWaitNs: 0.7e9 - 0.4e9, gaveUp: 1 });
    expect(fairnessOf([])).to.deep.equal({ acquisitions: 0, handovers: 0, clients: 0, fewest: 0, most: 0, longestWaitNs: 0, gaveUp: 0 });
  });

  it("passes what a cluster does that keeps its promises, if writes are fenced, at every moment, whatever is late or lost on the way", async () => {
    await fc.assert(
      fc.asyncProperty(fc.integer(), async (seed) => {
        const history = await playLocks({ seed, fenced: true, stallsOneIn: 50 });
        for (const atS of [7, 23, 41, 100]) {
          const finding = checkLocks(wholeUntil(history, atS * 1e9));
          expect(finding, finding.kind === "violated" ? finding.sentence : finding.kind).to.include({ kind: "ok" });
        }
        expect(fairnessOf(history).handovers).to.be.greaterThan(10);
      }),
      { numRuns: plays },
    );
  });

  it("passes without fences as long as nothing is late", async () => {
    await fc.assert(
      fc.asyncProperty(fc.integer(), async (seed) => {
        expect(checkLocks(await playLocks({ seed, fenced: false, stallsOneIn: 1e9 }))).to.include({ kind: "ok" });
      }),
      { numRuns: Math.ceil(plays / 3) },
    );
  });

  for (const [what, play] of [
    ["unfenced writes are late", { fenced: false, stallsOneIn: 30 }],
    ["writes go through the fence", { fenced: true, stallsOneIn: 30, fault: { openFence: true } }],
  ] as const) {
    it(`finds it when ${what}, and only then`, async () => {
      let late = 0;
      await fc.assert(
        fc.asyncProperty(fc.integer(), async (seed) => {
          const history = await playLocks({ seed, ...play });
          const isLate = hasLateWrite(history);
          if (isLate) late += 1;
          expect(checkLocks(history)).to.include(isLate ? { kind: "violated", rule: "write by an old holder" } : { kind: "ok" });
        }),
        { numRuns: Math.ceil(plays / 3) },
      );
      expect(late, "plays with a late write").to.be.greaterThan(plays / 6);
    });
  }

  it("finds it when the lock is given to two", async () => {
    await fc.assert(
      fc.asyncProperty(fc.integer(), async (seed) => {
        expect(checkLocks(await playLocks({ seed, fenced: true, fault: { jumpsQueue: true } }))).to.include({ kind: "violated", rule: "two holders" });
      }),
      { numRuns: Math.ceil(plays / 3) },
    );
  });
});

/** Whether somebody wrote under a lock that another had been given since: looks at all pairs, and at nothing of the checker. */
function hasLateWrite(history: readonly Operation[]): boolean {
  const acquired = history.filter(isKind("lock-acquire")).filter(({ outcome, token }) => outcome === "ok" && token !== null);
  const written = history.filter(isKind("guarded-write")).filter((write) => write.outcome === "ok" && write.written === true);
  return written.some((write) => acquired.some(({ lock, token, revision }) => lock === write.lock && (token ?? 0) > write.token && (revision ?? 0) < (write.revision ?? 0)));
}
