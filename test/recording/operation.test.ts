import { expect } from "chai";
import { readFileSync } from "node:fs";
import { decodeOperation } from "../../src/recording/decode.ts";
import { requestText, subjectText } from "../../src/recording/operation-text.ts";
import type { Request } from "../../src/recording/operation.ts";
import { compareAndSwap } from "../../src/recording/operations/txn.ts";

const common = { process: 3, client: 3, member: "etcd-1", intendedNs: 1, invokeNs: 2, returnNs: 3, outcome: "ok", revision: 7 };
const found = { key: "k1", value: "v", modRevision: 4, createRevision: 3, version: 2 };

describe("a line of the history", () => {
  for (const [what, line] of Object.entries<object>({
    "a put": { op: "put", key: "k", value: "v" },
    "a put of unknown outcome": { op: "put", key: "k", value: "v", outcome: "info", error: "UNAVAILABLE: gone" },
    "a get as recorded before the version was": { op: "get", key: "k", value: "v", modRevision: 3, createRevision: 2 },
    "a get that found nothing": { op: "get", key: "k", value: null },
    "a get without an answer": { op: "get", key: "k", outcome: "info" },
    "a serializable get of the past": { op: "get", key: "k", value: "v", modRevision: 3, createRevision: 2, version: 1, serializable: true, atRevision: 5 },
    "a range": { op: "range", key: "k", end: "l", limit: 10, kvs: [found], count: 30, final: true },
    "a delete": { op: "delete", key: "k", deleted: 1 },
    "a delete of a range": { op: "delete", key: "k", end: "l", deleted: 4 },
    "a transaction": {
      ...compareAndSwap("k", 3, "v"),
      compares: [{ key: "k", target: "mod", is: "=", to: 3 }, { key: "j", target: "value", is: "!=", to: "x" }],
      succeeded: true,
      responses: [{ op: "put" }, { op: "get", value: null }, { op: "range", kvs: [found], count: 1 }, { op: "delete", deleted: 0 }],
    },
    "a compaction": { op: "compact", atRevision: 5 },
    "a put with a lease": { op: "put", key: "k", value: "v", lease: 7 },
    "a grant": { op: "lease-grant", lease: 7, ttlS: 1, grantedTtlS: 2 },
    "a keep-alive": { op: "lease-keep-alive", lease: 7, remainingS: 2 },
    "a keep-alive without an answer": { op: "lease-keep-alive", lease: 7, outcome: "info" },
    "a time-to-live of a lease that is gone": { op: "lease-time-to-live", lease: 7, remainingS: -1 },
    "a revocation": { op: "lease-revoke", lease: 7 },
    "an acquisition": { op: "lock-acquire", lock: "l0", lease: 7, waitMs: 1000, token: 5 },
    "an acquisition that waited for nothing": { op: "lock-acquire", lock: "l0", lease: 7, waitMs: 1000, token: null },
    "a release": { op: "lock-release", lock: "l0", lease: 7, released: false },
    "a guarded write": { op: "guarded-write", lock: "l0", lease: 7, token: 5, value: "v", fenced: true, written: false },
    "one with a key of a later format": { op: "put", key: "k", value: "v", colour: "blue" },
  })) {
    it(`may be ${what}`, () => {
      const whole = { ...common, ...line };
      expect(decodeOperation(whole)).to.equal(whole);
    });
  }

  for (const [what, line] of Object.entries<object>({
    "of a kind that is not known": { op: "watch", key: "k" },
    "a put without a value": { op: "put", key: "k" },
    "a put of null": { op: "put", key: "k", value: null },
    "a get of a number": { op: "get", key: "k", value: 5 },
    "a read that is serializable in words": { op: "get", key: "k", value: null, serializable: "yes" },
    "a range without an end": { op: "range", key: "k", kvs: [] },
    "a range of half a key": { op: "range", key: "k", end: "l", kvs: [{ key: "k1", value: "v" }] },
    "a delete of half a key": { op: "delete", key: "k", deleted: 0.5 },
    "a transaction without compares": { op: "txn", success: [], failure: [] },
    "a transaction that compares with nothing known": { op: "txn", compares: [{ key: "k", target: "lease", is: "=", to: 3 }], success: [], failure: [] },
    "a transaction that compares a revision with a text": { op: "txn", compares: [{ key: "k", target: "mod", is: "=", to: "3" }], success: [], failure: [] },
    "a transaction with a part that is not known": { op: "txn", compares: [], success: [{ op: "compact", atRevision: 3 }], failure: [] },
    "a transaction with half an answer": { op: "txn", compares: [], success: [{ op: "get", key: "k" }], failure: [], succeeded: true, responses: [{ op: "get" }] },
    "a compaction of nothing": { op: "compact" },
    "a put with half a lease": { op: "put", key: "k", value: "v", lease: 0.5 },
    "a grant of no time": { op: "lease-grant", lease: 7 },
    "a keep-alive of nothing": { op: "lease-keep-alive", remainingS: 2 },
    "an acquisition without a lease": { op: "lock-acquire", lock: "l0", waitMs: 1000, token: 5 },
    "a release that is done in words": { op: "lock-release", lock: "l0", lease: 7, released: "yes" },
    "a guarded write that may be fenced": { op: "guarded-write", lock: "l0", lease: 7, token: 5, value: "v" },
    "one that returned before it was invoked": { op: "put", key: "k", value: "v", returnNs: 1 },
    "one that ended in a way that is not known": { op: "put", key: "k", value: "v", outcome: "maybe" },
  })) {
    it(`is refused when it is ${what}`, () => {
      expect(decodeOperation({ ...common, ...line })).to.equal(undefined);
    });
  }

  it("is as docs/history.md shows it", () => {
    const page = readFileSync(new URL("../../docs/history.md", import.meta.url), "utf8");
    const lines = /```json\n([^]*?)\n```/.exec(page)?.[1]?.split("\n") ?? [];
    expect(lines).to.have.length(5);
    for (const line of lines) expect(decodeOperation(JSON.parse(line)), line).to.not.equal(undefined);
  });
});

describe("the words for an operation", () => {
  for (const [request, text, subject] of [
    [{ op: "put", key: "k7", value: "3-12" }, "put k7 = 3-12", "k7"],
    [{ op: "get", key: "k7", serializable: true, atRevision: 4 }, "serializable get k7 at revision 4", "k7"],
    [{ op: "range", key: "k", end: "l", limit: 5 }, "range k to l, 5 at most", "k to l"],
    [{ op: "delete", key: "k7" }, "delete k7", "k7"],
    [compareAndSwap("k7", 4, "v"), "txn if k7 has mod = 4: put k7 = v", "k7"],
    [{ op: "compact", atRevision: 9 }, "compact at revision 9", "revision 9"],
    [{ op: "put", key: "k7", value: "v", lease: 7 }, "put k7 = v with lease 7", "k7"],
    [{ op: "lease-grant", lease: 7, ttlS: 2 }, "grant of lease 7 for 2 s", "lease 7"],
    [{ op: "lease-keep-alive", lease: 7 }, "keep-alive of lease 7", "lease 7"],
    [{ op: "lease-revoke", lease: 7 }, "revocation of lease 7", "lease 7"],
    [{ op: "lease-time-to-live", lease: 7 }, "time-to-live of lease 7", "lease 7"],
    [{ op: "lock-acquire", lock: "l0", lease: 7, waitMs: 1_000 }, "acquisition of lock l0 with lease 7", "lock l0"],
    [{ op: "lock-release", lock: "l0", lease: 7 }, "release of lock l0 with lease 7", "lock l0"],
    [{ op: "guarded-write", lock: "l0", lease: 7, token: 5, value: "v", fenced: false }, "unfenced write under lock l0 with token 5", "lock l0"],
  ] satisfies [Request, string, string][]) {
    it(`are "${text}"`, () => {
      expect(requestText(request)).to.equal(text);
      expect(subjectText(request)).to.equal(subject);
    });
  }
});
