import { expect } from "chai";
import { decodeWatch } from "../../src/recording/decode.ts";

const common = { watcher: 0, member: "etcd-1", atNs: 5, revision: 9 };
const before = { value: "u", modRevision: 4, createRevision: 3, version: 2 };
const put = { type: "put", key: "k", value: "v", modRevision: 9, createRevision: 3, version: 3 };

describe("a line of what came back to watchers", () => {
  const good: Readonly<Record<string, object>> = {
    "what was listed first": { kind: "listed", key: "k", end: "l", askedNs: 3, kvs: [{ key: "k", ...before }] },
    "a list of one key that is not there": { kind: "listed", key: "k", askedNs: 3, kvs: [] },
    "that a watch was created": { kind: "created", key: "k", end: "l", fromRevision: 2, prevKv: true },
    "the same of one key": { kind: "created", key: "k", fromRevision: 2, prevKv: false },
    changes: { kind: "events", events: [put, { ...put, prev: before }, { type: "delete", key: "k", modRevision: 10, prev: before }, { type: "delete", key: "k", modRevision: 10 }] },
    progress: { kind: "progress" },
    "a cancellation": { kind: "canceled", error: "compacted", compactRevision: 40 },
    "a cancellation without a compaction": { kind: "canceled", error: "no leader" },
    "a cut, which has no revision": { kind: "cut", error: "UNAVAILABLE: gone", revision: undefined },
    "one with a key of a later format": { kind: "progress", colour: "blue" },
  };
  for (const [what, line] of Object.entries(good)) {
    it(`may be ${what}`, () => {
      const whole = { ...common, ...line };
      expect(decodeWatch(whole)).to.equal(whole);
    });
  }

  const bad: Readonly<Record<string, object>> = {
    "a list without its keys": { kind: "listed", key: "k", end: "l", askedNs: 3 },
    "a list with half a key": { kind: "listed", key: "k", end: "l", askedNs: 3, kvs: [{ key: "k", ...before, version: undefined }] },
    "a list that does not say when it was asked for": { kind: "listed", key: "k", end: "l", kvs: [] },
    "of a kind that is not known": { kind: "fragment" },
    "without a kind": {},
    "without a time": { kind: "progress", atNs: undefined },
    "progress without a revision": { kind: "progress", revision: undefined },
    "created without a range": { kind: "created", fromRevision: 2, prevKv: true },
    "created without saying from where on": { kind: "created", key: "k", prevKv: true },
    "changes that are no list": { kind: "events", events: put },
    "a change of no kind": { kind: "events", events: [{ ...put, type: "touch" }] },
    "a put without a value": { kind: "events", events: [{ ...put, value: undefined }] },
    "a put without a version": { kind: "events", events: [{ ...put, version: undefined }] },
    "a key before that is half told": { kind: "events", events: [{ ...put, prev: { ...before, version: undefined } }] },
    "a cut without a reason": { kind: "cut" },
    "a compaction at no revision": { kind: "canceled", error: "compacted", compactRevision: "40" },
  };
  for (const [what, line] of Object.entries(bad)) {
    it(`is not ${what}`, () => {
      expect(decodeWatch({ ...common, ...line })).to.equal(undefined);
    });
  }
});
