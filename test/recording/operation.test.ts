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
    expect(lines).to.have.length(3);
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
  ] satisfies [Request, string, string][]) {
    it(`are "${text}"`, () => {
      expect(requestText(request)).to.equal(text);
      expect(subjectText(request)).to.equal(subject);
    });
  }
});
