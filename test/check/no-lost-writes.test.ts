import { expect } from "chai";
import { checkNoLostWrites } from "../../src/check/no-lost-writes.ts";
import { checkSerializable } from "../../src/check/serializable.ts";
import { wholeUntil } from "../../src/check/whole-until.ts";
import { checkStrictSerializable } from "../../src/check/strict-serializable.ts";
import type { Operation } from "../../src/recording/operation.ts";
import { correctHistory } from "./histories.ts";
import { once, operation } from "./sketch.ts";

const written = operation(0, [0, 10], { op: "put", key: "k", value: "a", revision: 2 });
const rewritten = operation(0, [20, 30], { op: "put", key: "k", value: "b", revision: 3 });

function sentenceOf(history: readonly Operation[]): string {
  const finding = checkNoLostWrites(history);
  return finding.kind === "violated" ? finding.sentence : finding.kind;
}

describe("the checker of lost writes", () => {
  for (const [what, history, sentence] of [
    ["a store that came back without it", [written, rewritten, operation(1, [40, 50], { op: "get", key: "other", value: null, revision: 2 })], /^1 of 2 .* is lost: put k = b .* was acknowledged at revision 3, and get other .*, which began later, is done on the state of revision 2$/],
    ["a store that came back and gives its revision anew", [written, rewritten, operation(1, [40, 50], { op: "put", key: "j", value: "c", revision: 2 })], /^2 of 3 acknowledged writes are lost, the first of them: put k = a /],
    ["two leaders, of which one is forgotten", [written, operation(1, [5, 15], { op: "put", key: "j", value: "b", revision: 2 })], /was given the same revision$/],
    ["a member that reads an older value", [written, rewritten, operation(1, [40, 50], { op: "get", key: "k", revision: 9, ...once("a", 2) })], /reads k as of revision 2$/],
    ["a member that has no such key", [written, operation(1, [40, 50], { op: "get", key: "k", value: null, revision: 9 })], /finds no k$/],
    ["a range without its key", [written, operation(1, [40, 50], { op: "range", key: "a", end: "z", kvs: [], count: 0, revision: 9, final: true })], /finds no k$/],
    ["a delete that is forgotten", [written, operation(0, [20, 30], { op: "delete", key: "k", deleted: 1, revision: 3 }), operation(1, [40, 50], { op: "get", key: "k", revision: 9, ...once("a", 2) })], /delete k .* was acknowledged at revision 3/],
  ] satisfies [string, Operation[], RegExp][]) {
    it(`finds one lost by ${what}`, () => {
      expect(sentenceOf(history)).to.match(sentence);
    });
  }

  for (const [what, history] of Object.entries<readonly Operation[]>({
    "that was overwritten": [written, rewritten, operation(1, [40, 50], { op: "get", key: "k", revision: 9, ...once("b", 3) })],
    "that was overwritten by a write of unknown outcome": [written, operation(2, [20, 30], { op: "put", key: "k", value: "z" }), operation(1, [40, 50], { op: "get", key: "k", revision: 9, ...once("z", 7) })],
    "that was deleted": [written, operation(0, [20, 30], { op: "delete", key: "a", end: "z", deleted: 1, revision: 3 }), operation(1, [40, 50], { op: "get", key: "k", value: null, revision: 9 })],
    "that a delete of unknown outcome may have deleted": [written, operation(2, [20, 30], { op: "delete", key: "k" }), operation(1, [40, 50], { op: "get", key: "k", value: null, revision: 9 })],
    "that was not acknowledged": [operation(0, [0, 10], { op: "put", key: "k", value: "a" }), operation(1, [40, 50], { op: "get", key: "k", value: null, revision: 9 })],
    "that was acknowledged after the read began": [{ ...written, returnNs: 45 }, operation(1, [40, 50], { op: "get", key: "k", value: null, revision: 1 })],
    "that a member read alone does not know yet": [written, operation(1, [40, 50], { op: "get", key: "k", serializable: true, value: null, revision: 1 })],
    "beyond the limit of a range": [written, operation(2, [12, 14], { op: "put", key: "c", value: "x", revision: 3 }), operation(1, [40, 50], { op: "range", key: "a", end: "z", limit: 1, kvs: [{ key: "c", ...once("x", 3) }], count: 2, revision: 9 })],
  })) {
    it(`misses none ${what}`, () => {
      expect(sentenceOf(history)).to.equal("ok");
    });
  }

  it("finds none in correct histories, whatever was asked", () => {
    for (let seed = 1; seed <= 200; seed += 1) expect(sentenceOf(correctHistory(seed, { operations: 100, clients: 5, keys: 3 })), `seed ${seed}`).to.equal("ok");
  });

  it("finds each write that a read would have shown when it is taken out of a history", () => {
    let found = 0;
    for (let seed = 1; seed <= 200; seed += 1) {
      const history = correctHistory(seed, { operations: 60, clients: 4, keys: 2, unknown: 0, failed: 0, kinds: ["put", "get"] });
      const last = history.filter(({ op }) => op === "put").at(-1);
      if (last?.op !== "put" || last.revision === undefined) continue;
      const revision = Math.max(...history.map((each) => each.revision ?? 0)) + 1;
      const read = operation(9, [1e6, 1e6 + 1], { op: "get", key: last.key, value: "before", modRevision: last.revision - 1, createRevision: 2, version: 1, revision });
      found += sentenceOf([...history, read]).includes("reads") ? 1 : 0;
    }
    expect(found).to.be.greaterThan(190);
  });
});

describe("the checker of serializable reads", () => {
  const alone = (times: readonly [number, number], revision: number, process = 1): Operation => operation(process, times, { op: "get", key: "k", serializable: true, revision, ...(revision < 3 ? once("a", 2) : { value: "b", modRevision: 3, createRevision: 2, version: 2 }) });
  const never = (): boolean => false;

  it("lets a member be behind", () => {
    expect(checkSerializable([written, rewritten, alone([40, 50], 2)], never)).to.deep.equal({ kind: "ok", checked: 1 });
  });

  it("finds a client that goes back in time on one member, unless that began anew", () => {
    const history = [written, rewritten, alone([40, 50], 3), alone([60, 70], 2)];
    const finding = checkSerializable(history, never);
    expect(finding).to.deep.include({ kind: "violated", rule: "went back in time", operations: history.slice(2) });
    expect(checkSerializable(history, (member, fromNs, toNs) => member === "etcd-2" && fromNs < 55 && toNs > 55).kind).to.equal("ok");
  });

  it("lets one client be ahead of another, and one member of another", () => {
    expect(checkSerializable([written, rewritten, alone([40, 50], 3), alone([60, 70], 2, 2)], never).kind).to.equal("ok");
  });

  it("finds a state that never was", () => {
    expect(checkSerializable([written, rewritten, operation(1, [40, 50], { op: "get", key: "k", serializable: true, revision: 3, ...once("a", 2) })], never)).to.include({ kind: "violated", rule: "stale read" });
  });

  describe("after a compaction through a member", () => {
    const compaction = operation(1, [40, 50], { op: "compact", atRevision: 3, revision: 3 });
    const old = (times: readonly [number, number], process: number): Operation => operation(process, times, { op: "get", key: "k", serializable: true, atRevision: 2, revision: 3, ...once("a", 2) });

    it("finds one that is answered of before by the same member, to whomever, unless that began anew", () => {
      const history = [written, rewritten, compaction, old([60, 70], 4)];
      expect(checkSerializable(history, never)).to.deep.include({
        kind: "violated",
        rule: "compacted and there",
        sentence: "serializable get k at revision 2 by process 4 on etcd-2 is done, and compact at revision 3 by process 1 on etcd-2 was done before",
        operations: [compaction, history[3]],
      });
      expect(checkSerializable(history, (member, fromNs, toNs) => member === "etcd-2" && fromNs < 55 && toNs > 55).kind).to.equal("ok");
    });

    it("lets one through another member be behind, and one that began before the compaction was acknowledged", () => {
      expect(checkSerializable([written, rewritten, compaction, old([60, 70], 2)], never).kind).to.equal("ok");
      expect(checkSerializable([written, rewritten, compaction, old([45, 70], 4)], never).kind).to.equal("ok");
    });
  });

  it("says nothing where writes themselves do not fit together", () => {
    expect(checkSerializable([written, { ...rewritten, revision: 2 }, alone([40, 50], 2)], never)).to.include({ kind: "unknown", of: 1 });
  });
});

describe("a history as it was known at a moment", () => {
  it("has what had no answer then as of unknown outcome, and nothing of what began later", () => {
    const history = [written, { ...rewritten, returnNs: 60 }, operation(1, [50, 70], { op: "get", key: "k", value: null, revision: 1 })];
    const { revision, ...asked } = history[1] ?? written;
    expect(wholeUntil(history, 40)).to.deep.equal([written, { ...asked, outcome: "info" }]);
  });

  it("fits together at every moment of a correct history", () => {
    for (let seed = 1; seed <= 100; seed += 1) {
      const history = correctHistory(seed, { operations: 60, clients: 5, keys: 2 });
      for (const atNs of [30, 90, 150]) expect(checkStrictSerializable(wholeUntil(history, atNs)).kind, `seed ${seed} at ${atNs}`).to.equal("ok");
    }
  });
});
