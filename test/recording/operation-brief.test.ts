import { expect } from "chai";
import fc from "fast-check";
import { briefResponse, briefText, shortened } from "../../src/recording/operation-brief.ts";
import type { Operation } from "../../src/recording/operation.ts";
import { compareAndSwap } from "../../src/recording/operations/txn.ts";
import { during } from "../check/timed-operation.ts";

type Said = Parameters<typeof during>[2];

const brief = (said: Said): string => briefText(during(1, [0, 1], said));
const found = { modRevision: 40, createRevision: 9, version: 6 };

describe("an operation in few words", () => {
  it("says what was asked, what was answered, and at which revision", () => {
    const cases: readonly (readonly [Said, string])[] = [
      [{ op: "put", key: "k7", value: "3-12", revision: 41 }, "put k7=3-12 @41"],
      [{ op: "get", key: "k7", value: "3-12", revision: 41, ...found }, "get k7 → 3-12 @41"],
      [{ op: "put", key: "k7", value: "3-12............", revision: 41 }, "put k7=3-12… @41"],
      [{ op: "get", key: "k7", value: null, revision: 41 }, "get k7 → nothing @41"],
      [{ op: "get", key: "k7", outcome: "info" }, "get k7"],
      [{ op: "range", key: "k", end: "l", kvs: [{ key: "k7", value: "3-12", ...found }], count: 1, revision: 41 }, "range k… → 1 keys @41"],
      [{ op: "delete", key: "k7", deleted: 0, revision: 41 }, "delete k7 → 0 @41"],
      [{ ...compareAndSwap("k7", 40, "5-9"), succeeded: true, responses: [{ op: "put" }], revision: 42 }, "txn then put k7=5-9 @42"],
      [{ ...compareAndSwap("k7", 39, "5-9"), succeeded: false, responses: [{ op: "get", value: "3-12", ...found }], revision: 42 }, "txn else get k7 → 3-12 @42"],
      [{ ...compareAndSwap("k7", 39, "5-9"), outcome: "info" }, "txn put k7=5-9"],
      [{ op: "lease-grant", lease: 7, ttlS: 5, grantedTtlS: 6 }, "grant lease 7 → 6 s"],
      [{ op: "lease-keep-alive", lease: 7, remainingS: 0 }, "keep alive lease 7 → 0 s"],
      [{ op: "lock-acquire", lock: "l0", lease: 7, waitMs: 10, token: 50, revision: 52 }, "acquire l0 → token 50 @52"],
      [{ op: "lock-acquire", lock: "l0", lease: 7, waitMs: 10, token: null, revision: 52 }, "acquire l0 → not given @52"],
      [{ op: "guarded-write", lock: "l0", lease: 7, token: 50, value: "v", fenced: true, written: false, revision: 53 }, "write under l0, token 50 → held off @53"],
      [{ op: "compact", atRevision: 30, revision: 53 }, "compact at revision 30 @53"],
    ];
    for (const [said, text] of cases) expect(brief(said)).to.equal(text);
  });

  it("tells of a long transaction how much more it did", () => {
    const success = ["a", "b", "c", "d"].map((key) => ({ op: "put", key, value: "1" }) as const);
    expect(brief({ op: "txn", compares: [], success, failure: [], succeeded: true, responses: success.map(() => ({ op: "put" })), revision: 9 })).to.equal("txn then put a=1, put b=1 and 2 more @9");
  });

  it("says what a watcher was told", () => {
    const common = { watcher: 1, member: "etcd-2", atNs: 1 };
    expect(briefResponse({ ...common, kind: "events", revision: 50, events: [{ type: "put", key: "k7", value: "3-12", ...found }, { type: "delete", key: "k8", modRevision: 41 }] })).to.equal("told put k7=3-12 @40, delete k8 @41");
    expect(briefResponse({ ...common, kind: "created", revision: 1, key: "k", end: "l", fromRevision: 2, prevKv: true })).to.equal("watch k… from @2");
    expect(briefResponse({ ...common, kind: "progress", revision: 41 })).to.equal("progress @41");
  });

  it("keeps the beginning and the end of a long name", () => {
    const put: Operation = during(1, [0, 1], { op: "put", key: `a${"x".repeat(100)}z`, value: `b${"y".repeat(100)}w`, revision: 41 });
    expect(briefText(put)).to.match(/^put ax+…x+z=by+…y+w @41$/).and.to.have.length.below(50);
  });

  it("shortens to a length, and never cuts a character in two", () => {
    fc.assert(
      fc.property(fc.string({ unit: "binary", maxLength: 60 }), fc.integer({ min: 3, max: 30 }), (text, lengthMax) => {
        const short = shortened(text, lengthMax);
        expect([...short].length).to.be.at.most(Math.max(lengthMax, 0));
        if (!/\p{Surrogate}/u.test(text)) expect(short).to.not.match(/\p{Surrogate}/u);
      }),
    );
  });
});
