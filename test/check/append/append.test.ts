import { expect } from "chai";
import { checkAppend } from "../../../src/check/append.ts";
import type { Operation } from "../../../src/recording/operation.ts";
import { written, type Written } from "./written.ts";

/** The rule that is broken, or how else it was found. */
function ruleOf(history: readonly Operation[]): string {
  const finding = checkAppend(history);
  return finding.kind === "violated" ? finding.rule : finding.kind;
}

const early = [0, 10] as const;
const late = [20, 30] as const;
const both = [0, 30] as const;

/** Each as its name has it, and nothing worse. */
const anomalies: Readonly<Record<string, readonly Written[]>> = {
  G0: [{ puts: { x: "1", y: "2 1" } }, { puts: { x: "1 2", y: "2" } }],
  "G1a aborted read": [{ puts: { x: "1" }, outcome: "fail" }, { reads: { x: "1" } }],
  "G1b intermediate read": [{ reads: { x: "" } }, { puts: { x: "1 2" } }, { reads: { x: "1" } }, { reads: { x: "1 2" } }],
  G1c: [{ puts: { x: "1" }, reads: { y: "2" } }, { puts: { y: "2" }, reads: { x: "1" } }],
  "G-single": [{ puts: { x: "1", y: "1" } }, { reads: { x: "1", y: "" } }],
  G2: [{ reads: { x: "" }, puts: { y: "1" } }, { reads: { y: "" }, puts: { x: "2" } }],
  "G0-process": [{ process: 1, at: early, puts: { x: "2 1" } }, { process: 1, at: late, puts: { x: "2" } }],
  "G1c-process": [{ process: 1, at: early, reads: { x: "1" } }, { process: 1, at: late, puts: { x: "1" } }],
  "G-single-process": [{ process: 1, at: early, puts: { x: "1" } }, { process: 1, at: late, reads: { x: "" } }],
  "G2-process": [{ process: 1, at: early, puts: { y: "3" } }, { process: 2, at: both, reads: { y: "" }, puts: { x: "1" } }, { process: 1, at: late, reads: { x: "" } }],
  "G0-realtime": [{ at: early, puts: { x: "2 1" } }, { at: late, puts: { x: "2" } }],
  "G1c-realtime": [{ at: early, reads: { x: "1" } }, { at: late, puts: { x: "1" } }],
  "G-single-realtime": [{ at: early, puts: { x: "1" } }, { at: late, reads: { x: "" } }],
  "G2-realtime": [{ at: early, puts: { y: "3" } }, { at: both, reads: { y: "" }, puts: { x: "1" } }, { at: late, reads: { x: "" } }],
  "incompatible orders": [{ puts: { x: "1" } }, { puts: { x: "1 2" } }, { puts: { x: "1 3" } }],
  "duplicate element": [{ puts: { x: "1" } }, { reads: { x: "1 1" } }],
  "value from nowhere": [{ puts: { x: "1" } }, { reads: { x: "1 2" } }],
  "lost append": [{ at: early, puts: { x: "1" } }, { at: early, puts: { x: "1 2" } }, { at: late, reads: { x: "1" }, final: true }],
};

describe("the checker of transactions that append to lists", () => {
  for (const [name, transactions] of Object.entries(anomalies)) {
    it(`finds ${name}`, () => {
      expect(ruleOf(written(...transactions))).to.equal(name);
      expect(ruleOf(written(...transactions).reverse()), "in whatever order they come").to.equal(name);
    });
  }

  it("says which transactions are on the cycle, what each did, and why it comes before the next", () => {
    const finding = checkAppend(written(...(anomalies["G-single-realtime"] ?? []), { at: [0, 40], reads: { z: "" } }, { at: late, puts: { z: "7" } }));
    expect(finding).to.deep.include({
      kind: "violated",
      rule: "G-single-realtime",
      sentence: "no order has room for 2 transactions (T1 = read x by process 1 on etcd-1; T2 = append 1 to x by process 0 on etcd-1): T1 read x without 1, which T2 appended (rw); T2 had ended before T1 began (realtime)",
    });
    expect(finding.kind === "violated" && finding.operations.map(({ process }) => process)).to.deep.equal([0, 1]);
    expect(finding.kind === "violated" && finding.illegal.process).to.equal(1);
  });

  it("shows the shortest of several cycles", () => {
    const long = Array.from({ length: 6 }, (_, index): Written => ({ puts: { [`c${index}`]: `${index}` }, reads: { [`c${(index + 1) % 6}`]: `${(index + 1) % 6}` } }));
    const finding = checkAppend(written(...long, ...(anomalies["G1c"] ?? [])));
    expect(finding.kind === "violated" && finding.operations).to.have.length(2);
  });

  it("shows a long cycle whole where there is no shorter one", () => {
    const long = Array.from({ length: 40 }, (_, index): Written => ({ puts: { [`c${index}`]: `${index}` }, reads: { [`c${(index + 1) % 40}`]: `${(index + 1) % 40}` } }));
    const finding = checkAppend(written(...long));
    expect(finding.kind === "violated" && [finding.rule, finding.operations.length]).to.deep.equal(["G1c", 40]);
  });

  it("names an aborted read also where the compares of the transaction did not hold", () => {
    expect(ruleOf(written({ puts: { x: "1" }, notDone: true }, { reads: { x: "1" } }))).to.equal("G1a aborted read");
  });

  it("takes an append of unknown outcome for one that happened, once it was seen", () => {
    const unknown: Written = { at: early, puts: { x: "1", y: "1" }, outcome: "info" };
    expect(ruleOf(written(unknown, { at: late, reads: { x: "" } }))).to.equal("ok");
    expect(ruleOf(written(unknown, { at: late, reads: { x: "", y: "" } }, { at: [40, 50], reads: { x: "1" } }))).to.equal("ok");
    expect(ruleOf(written(unknown, { at: late, reads: { x: "1" } }, { at: [40, 50], reads: { x: "" } }))).to.equal("G-single-realtime");
    expect(ruleOf(written(unknown, { at: late, reads: { x: "1", y: "" } })), "all of it").to.equal("G-single");
  });

  it("follows what unknown appends show of others: an element that one was put behind is there", () => {
    const first: Written = { puts: { x: "1" }, outcome: "info" };
    const second: Written = { puts: { x: "1 2", y: "2" }, outcome: "info" };
    const third: Written = { at: [50, 60], reads: { y: "2" } };
    expect(ruleOf(written(first, second, third))).to.equal("ok");
    expect(ruleOf(written(first, second, third, { at: [70, 80], reads: { x: "" } }))).to.equal("G-single-realtime");
  });

  it("allows what was concurrent to come in either order", () => {
    expect(ruleOf(written({ puts: { x: "1" } }, { reads: { x: "" } }, { reads: { x: "1" } }))).to.equal("ok");
  });

  it("allows serializable reads to be of the past, not to be of what never was", () => {
    const old = (history: readonly Operation[]): Operation[] => history.map((each) => (each.op === "txn" && each.success.every(({ op }) => op === "get") ? { ...each, success: each.success.map((part) => (part.op === "get" ? { ...part, serializable: true } : part)) } : each));
    expect(ruleOf(old(written({ at: early, puts: { x: "1" } }, { at: late, reads: { x: "" } })))).to.equal("ok");
    expect(ruleOf(old(written({ at: early, puts: { x: "1", y: "1" } }, { at: late, reads: { x: "", y: "1" } })))).to.equal("G-single");
  });

  it("does not take an append for lost that one of the members still has", () => {
    const last: Written = { at: late, reads: { x: "1" }, final: true };
    expect(ruleOf(written({ at: early, puts: { x: "1" } }, { ...last, reads: { x: "" } }, last))).to.equal("G-single-realtime");
    expect(ruleOf(written({ at: early, puts: { x: "1" } }, { ...last, reads: { x: "" } }))).to.equal("lost append");
  });

  it("finds a list that is gone at the end among the keys of a range", () => {
    const [append] = written({ at: early, puts: { x: "1" } });
    if (append === undefined) throw new Error("nothing was written");
    const range: Operation = { process: 9, client: 9, member: "etcd-2", op: "range", key: "a", end: "z", kvs: [], count: 0, revision: 5, final: true, intendedNs: 50, invokeNs: 50, returnNs: 60, outcome: "ok" };
    expect(ruleOf([append, range])).to.equal("lost append");
    expect(ruleOf([append, { ...range, end: "w" }]), "of which it is none").to.equal("ok");
    expect(ruleOf([append, { ...range, limit: 1, kvs: [{ key: "b", value: "v", modRevision: 3, createRevision: 3, version: 1 }] }]), "further than the page goes").to.equal("ok");
  });

  it("leaves out what is no list", () => {
    const put: Operation = { process: 0, client: 0, member: "etcd-1", op: "put", key: "k", value: "3-12", revision: 2, intendedNs: 0, invokeNs: 0, returnNs: 5, outcome: "ok" };
    const { value, ...rest } = put;
    const get: Operation = { ...rest, op: "get", value: null, invokeNs: 10, returnNs: 20 };
    expect(checkAppend([put, get])).to.deep.equal({ kind: "ok", checked: 0 });
  });

  it("knows nothing of lists that the history has shortened, or that were deleted", () => {
    const [append] = written({ at: early, puts: { x: "1" } });
    if (append?.op !== "txn") throw new Error("nothing was written");
    const shortened: Operation = { ...append, success: [{ op: "put", key: "x", value: "[1,2,3… 90 characters, sha256 0" }] };
    expect(checkAppend([shortened])).to.deep.include({ kind: "unknown", because: "lists are too long to stand in the history whole" });
    const deleted: Operation = { process: 1, client: 1, member: "etcd-1", op: "delete", key: "x", intendedNs: 50, invokeNs: 50, returnNs: 60, outcome: "info" };
    expect(checkAppend([append, deleted])).to.deep.include({ kind: "unknown", because: "lists were deleted" });
  });
});
