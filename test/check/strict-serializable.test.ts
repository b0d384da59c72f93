import { expect } from "chai";
import { checkStrictSerializable } from "../../src/check/strict-serializable.ts";
import type { Operation } from "../../src/recording/operation.ts";
import { once, operation } from "./sketch.ts";

interface Case {
  readonly history: readonly Operation[];
  readonly rule: string;
  readonly sentence: RegExp;
  /** How many operations it takes to show it. */
  readonly shown: number;
}

const written = operation(0, [0, 10], { op: "put", key: "k", value: "a", revision: 2 });
const rewritten = operation(0, [20, 30], { op: "put", key: "k", value: "b", revision: 3 });
const unrelated = operation(7, [1, 500], { op: "put", key: "other", value: "x", revision: 99 });

function refused(process: number, times: readonly [number, number], atRevision = 2, more: object = {}): Operation {
  return operation(process, times, { op: "get", key: "k", atRevision, outcome: "fail", error: "OUT_OF_RANGE: etcdserver: mvcc: required revision has been compacted", ...more });
}

const cases: Readonly<Record<string, Case>> = {
  "a read at a revision that was over when it began": {
    history: [written, rewritten, operation(1, [40, 50], { op: "get", key: "k", revision: 2, ...once("a", 2) })],
    rule: "revision went back",
    sentence: /^get k by process 1 on etcd-2 is done at revision 2, and it began after put k = b by process 0 on etcd-1 had been answered revision 3$/,
    shown: 2,
  },
  "a read of a value that was overwritten": {
    history: [written, rewritten, operation(1, [40, 50], { op: "get", key: "k", revision: 3, ...once("a", 2) })],
    rule: "stale read",
    sentence: /^get k by process 1 on etcd-2 reads at revision 3 the value of revision 2, and k was written anew at revision 3$/,
    shown: 2,
  },
  "a key that was written and is not there": {
    history: [written, operation(1, [40, 50], { op: "get", key: "k", revision: 5, value: null })],
    rule: "lost write",
    sentence: /finds no k at revision 5, and it was written at revision 2 and deleted by nobody/,
    shown: 2,
  },
  "a write that was refused and is there": {
    history: [operation(0, [0, 10], { op: "put", key: "k", value: "a", outcome: "fail" }), operation(1, [40, 50], { op: "get", key: "k", revision: 5, ...once("a", 2) })],
    rule: "dirty read",
    sentence: /reads k = a of revision 2, and put k = a by process 0 on etcd-1 had failed$/,
    shown: 2,
  },
  "a value that nobody wrote": {
    history: [operation(1, [40, 50], { op: "get", key: "k", revision: 5, ...once("z", 2) })],
    rule: "value from nowhere",
    sentence: /which nobody wrote$/,
    shown: 1,
  },
  "two leaders that give the same revision": {
    history: [written, operation(1, [5, 15], { op: "put", key: "j", value: "b", revision: 2 })],
    rule: "duplicate revision",
    sentence: /are both answered revision 2, which only one of them can have made$/,
    shown: 2,
  },
  "two members that hold different contents of a revision": {
    history: [written, operation(1, [20, 30], { op: "get", key: "k", revision: 2, ...once("z", 2) })],
    rule: "two contents of one revision",
    sentence: /reads z as the value of k of revision 2, which is a$/,
    shown: 2,
  },
  "a store that came back from an old snapshot": {
    history: [written, rewritten, operation(2, [40, 50], { op: "put", key: "k", value: "c", revision: 3 })],
    rule: "revision went back",
    sentence: /^put k = c by process 2 on etcd-3 is answered revision 3, and it began after put k = b .* had been answered revision 3$/,
    shown: 2,
  },
  "a write of unknown outcome that is seen before it began": {
    history: [written, operation(1, [20, 30], { op: "get", key: "j", revision: 5, ...once("x", 3) }), operation(2, [40, 50], { op: "put", key: "j", value: "x" })],
    rule: "read of the future",
    sentence: /and put j = x by process 2 on etcd-3 began only after revision 5 had been answered$/,
    shown: 2,
  },
  "a write of unknown outcome that happened twice": {
    history: [
      operation(0, [0, 10], { op: "put", key: "k", value: "a" }),
      operation(1, [20, 30], { op: "get", key: "k", revision: 3, ...once("a", 2) }),
      operation(1, [40, 50], { op: "get", key: "k", revision: 8, value: "a", modRevision: 5, createRevision: 2, version: 2 }),
    ],
    rule: "two revisions of one write",
    sentence: /wrote that at revision 2$/,
    shown: 3,
  },
  "a version that leaves out a write": {
    history: [written, rewritten, operation(1, [40, 50], { op: "get", key: "k", revision: 3, value: "b", modRevision: 3, createRevision: 3, version: 1 })],
    rule: "wrong creation or version",
    sentence: /reads k as created at revision 3 and written 1 times since, which cannot be$/,
    shown: 2,
  },
  "a compare-and-swap that overwrites what it has not seen": {
    history: [
      written,
      rewritten,
      operation(1, [40, 50], { op: "txn", compares: [{ key: "k", target: "mod", is: "=", to: 2 }], success: [{ op: "put", key: "k", value: "c" }], failure: [], succeeded: true, responses: [{ op: "put" }], revision: 4 }),
    ],
    rule: "wrong compare",
    sentence: /succeeded, and k had b of revision 3 at revision 3$/,
    shown: 2,
  },
  "half of a transaction": {
    history: [
      operation(0, [0, 10], { op: "txn", compares: [], success: [{ op: "put", key: "timeout", value: "1" }, { op: "put", key: "retries", value: "2" }], failure: [], succeeded: true, responses: [{ op: "put" }, { op: "put" }], revision: 2 }),
      operation(1, [20, 30], { op: "range", key: "a", end: "z", kvs: [{ key: "retries", ...once("2", 2) }], count: 1, revision: 2 }),
    ],
    rule: "lost write",
    sentence: /finds no timeout at revision 2/,
    shown: 2,
  },
  "a delete of a key that was not there": {
    history: [operation(0, [0, 10], { op: "delete", key: "k", deleted: 1, revision: 2 }), operation(1, [20, 30], { op: "put", key: "k", value: "a", revision: 3 })],
    rule: "wrong answer",
    sentence: /^delete k by process 0 on etcd-1 tells of 1 keys, and at revision 1 there were 0$/,
    shown: 1,
  },
  "a read of what was refused as compacted before": {
    history: [written, rewritten, refused(1, [40, 50]), operation(2, [60, 70], { op: "get", key: "k", atRevision: 2, revision: 3, ...once("a", 2) })],
    rule: "compacted and there",
    sentence: /^get k at revision 2 by process 2 on etcd-3 is done, and get k at revision 2 by process 1 on etcd-2 had been refused before, as that was compacted$/,
    shown: 2,
  },
  "a compaction of what was compacted": {
    history: [written, rewritten, operation(1, [40, 50], { op: "compact", atRevision: 3, revision: 3 }), operation(2, [60, 70], { op: "compact", atRevision: 3, revision: 3 })],
    rule: "compacted and there",
    sentence: /^compact at revision 3 by process 2 on etcd-3 is done, and compact at revision 3 by process 1 on etcd-2 was done before$/,
    shown: 2,
  },
  "a transaction that reads what was compacted": {
    history: [written, rewritten, operation(1, [40, 50], { op: "compact", atRevision: 3, revision: 3 }), operation(2, [60, 70], { op: "txn", compares: [], success: [{ op: "get", key: "k", atRevision: 2 }], failure: [], succeeded: true, responses: [{ op: "get", ...once("a", 2) }], revision: 3 })],
    rule: "compacted and there",
    sentence: /is done, and compact at revision 3 by process 1 on etcd-2 was done before$/,
    shown: 2,
  },
  "a read of what was compacted": {
    history: [written, rewritten, operation(1, [40, 50], { op: "compact", atRevision: 3, revision: 3 }), operation(2, [60, 70], { op: "get", key: "k", atRevision: 2, revision: 3, ...once("a", 2) })],
    rule: "compacted and there",
    sentence: /is done, and compact at revision 3 by process 1 on etcd-2 was done before$/,
    shown: 2,
  },
};

describe("the checker of strict serializability", () => {
  for (const [what, { history, rule, sentence, shown }] of Object.entries(cases)) {
    it(`finds ${what}, and says so in a sentence with the fewest operations that show it`, () => {
      const finding = checkStrictSerializable([unrelated, ...history]);
      if (finding.kind !== "violated") return expect.fail(`it found ${JSON.stringify(finding)}`);
      expect(finding.rule).to.equal(rule);
      expect(finding.sentence).to.match(sentence);
      expect(finding.operations).to.have.length(shown).and.to.include(finding.illegal);
      expect(finding.operations.map(({ invokeNs }) => invokeNs)).to.deep.equal(finding.operations.map(({ invokeNs }) => invokeNs).sort((a, b) => a - b));
    });
  }

  for (const [what, history] of Object.entries<readonly Operation[]>({
    "no operation at all": [],
    "a stale read that may be stale": [written, rewritten, operation(1, [40, 50], { op: "get", key: "k", serializable: true, revision: 2, ...once("a", 2) })],
    "a read of the past that was asked for": [written, rewritten, operation(1, [40, 50], { op: "get", key: "k", atRevision: 2, revision: 3, ...once("a", 2) })],
    "an old value read by one who began before the write was acknowledged": [written, rewritten, operation(1, [15, 50], { op: "get", key: "k", revision: 2, ...once("a", 2) })],
    "revisions that others made": [written, operation(1, [40, 50], { op: "get", key: "k", revision: 70, ...once("a", 2) })],
    "a write of unknown outcome that was seen long after": [operation(0, [0, 10], { op: "put", key: "k", value: "a" }), operation(1, [400, 500], { op: "get", key: "k", revision: 70, ...once("a", 60) })],
    "a write of unknown outcome that nobody ever saw": [written, operation(1, [20, 30], { op: "put", key: "k", value: "z" }), operation(2, [40, 50], { op: "get", key: "k", revision: 2, ...once("a", 2) })],
    "a delete of unknown outcome that shows": [written, operation(1, [20, 30], { op: "delete", key: "k" }), operation(2, [40, 50], { op: "get", key: "k", revision: 3, value: null })],
    "an overwritten write of unknown outcome that shows in the version": [written, operation(1, [12, 14], { op: "put", key: "k", value: "z" }), { ...rewritten, revision: 4 }, operation(2, [40, 50], { op: "get", key: "k", revision: 4, value: "b", modRevision: 4, createRevision: 2, version: 3 })],
    "a read at the very revision that was compacted to": [written, rewritten, operation(1, [40, 50], { op: "compact", atRevision: 3, revision: 3 }), operation(2, [60, 70], { op: "get", key: "k", atRevision: 3, revision: 3, value: "b", modRevision: 3, createRevision: 2, version: 2 })],
    "a read of what is compacted while it goes on": [written, rewritten, operation(1, [40, 60], { op: "compact", atRevision: 3, revision: 3 }), operation(2, [50, 70], { op: "get", key: "k", atRevision: 2, revision: 3, ...once("a", 2) })],
    "a compaction that is answered a later revision than one done after it": [written, rewritten, operation(1, [32, 90], { op: "compact", atRevision: 2, revision: 4 }), operation(2, [34, 40], { op: "compact", atRevision: 3, revision: 3 }), operation(0, [50, 60], { op: "put", key: "k", value: "c", revision: 4 })],
    "a read that comes too late for a compaction of unknown outcome, or for one that others did": [written, rewritten, operation(1, [40, 50], { op: "compact", atRevision: 3 }), refused(2, [60, 70]), refused(2, [80, 90], 7)],
    "a later read of what was not compacted": [written, rewritten, refused(1, [40, 50], 1), operation(2, [60, 70], { op: "get", key: "k", atRevision: 2, revision: 3, ...once("a", 2) })],
    "a get as recorded before versions were": [written, operation(1, [40, 50], { op: "get", key: "k", revision: 2, value: "a", modRevision: 2, createRevision: 2 })],
  })) {
    it(`lets pass ${what}`, () => {
      expect(checkStrictSerializable([unrelated, ...history])).to.include({ kind: "ok" });
    });
  }

  describe("where nobody else compacts", () => {
    const alone = (history: readonly Operation[]): readonly (string | undefined)[] => {
      const finding = checkStrictSerializable(history, [], { compactsAlone: true });
      return finding.kind === "violated" ? [finding.rule, finding.sentence] : [finding.kind];
    };
    const compaction = operation(1, [40, 50], { op: "compact", atRevision: 3, revision: 3 });

    it("finds a read that is refused as compacted, and nobody compacted it", () => {
      expect(alone([written, rewritten, refused(2, [60, 70])])).to.deep.equal(["refused and there", "get k at revision 2 by process 2 on etcd-3 is refused as if that were compacted, and nobody had compacted anything"]);
      expect(alone([written, rewritten, compaction, refused(2, [60, 70], 3)])).to.deep.equal([
        "refused and there",
        "get k at revision 3 by process 2 on etcd-3 is refused as if that were compacted, and nobody had asked for more than compact at revision 3 by process 1 on etcd-2",
      ]);
      expect(alone([written, rewritten, refused(2, [20, 30]), compaction])[0], "before the compaction began").to.equal("refused and there");
    });

    it("lets pass one for which a compaction was asked that may have happened by then", () => {
      expect(alone([written, rewritten, compaction, refused(2, [60, 70])])).to.deep.equal(["ok"]);
      expect(alone([written, rewritten, refused(2, [35, 45]), compaction])).to.deep.equal(["ok"]);
      expect(alone([written, rewritten, operation(1, [40, 50], { op: "compact", atRevision: 3 }), refused(2, [60, 70])])).to.deep.equal(["ok"]);
    });
  });

  it("does not take what a transaction reads of the past for the present", () => {
    const both = operation(1, [40, 50], { op: "txn", compares: [], success: [{ op: "get", key: "k", atRevision: 2 }, { op: "put", key: "k", value: "c" }], failure: [], succeeded: true, responses: [{ op: "get", ...once("a", 2) }, { op: "put" }], revision: 4 });
    expect(checkStrictSerializable([written, rewritten, both])).to.include({ kind: "ok" });
  });

  it("needs as many operations of unknown outcome as there are changes that nobody saw", () => {
    const found = operation(2, [40, 50], { op: "get", key: "k", revision: 6, value: "b", modRevision: 6, createRevision: 2, version: 4 });
    const unknown = [1, 2].map((process) => operation(process + 2, [12, 14], { op: "put", key: "k", value: `z${process}` }));
    const history = [written, ...unknown, { ...rewritten, revision: 6 }, found];
    expect(checkStrictSerializable(history).kind).to.equal("ok");
    expect(checkStrictSerializable(history.filter((each) => each !== unknown[0])).kind).to.equal("violated");
  });

  it("says nothing of answers without revisions", () => {
    expect(checkStrictSerializable([{ ...operation(0, [0, 10], { op: "put", key: "k", value: "a" }), outcome: "ok" }])).to.deep.equal({ kind: "unknown", because: "not every answer has a revision", checked: 0, of: 1 });
  });
});
