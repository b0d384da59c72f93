import { expect } from "chai";
import { append } from "../../assertions/append.ts";
import { noLostWrites } from "../../assertions/no-lost-writes.ts";
import { serializable } from "../../assertions/serializable.ts";
import { strictSerializable } from "../../assertions/strict-serializable.ts";
import type { AssertionKind } from "../../assertions/assertion.ts";
import type { Verdict } from "../../assertions/verdict.ts";
import type { Operation } from "../../src/recording/operation.ts";
import type { Recording } from "../../src/recording/recording.ts";
import { correctHistory } from "../check/histories.ts";
import { once, operation } from "../check/sketch.ts";
import { recording, type RecordingBuilder } from "../recordings/builder.ts";

const ms = 1e6;
const stopped = { type: "workload", atMs: 9_000, state: "stopped" } as const;
const run = (): RecordingBuilder => recording().phase("whole", 0, 9_000).event({ type: "workload", atMs: 0, state: "started" });

function judged(kind: AssertionKind, operations: readonly Operation[], { built = run().event(stopped), options = { "at-least": 1 } }: { readonly built?: RecordingBuilder; readonly options?: object } = {}): Verdict {
  const whole: Recording = { ...built.build(), operations };
  return kind.bind(options).judge(whole);
}

const written = operation(0, [10 * ms, 20 * ms], { op: "put", key: "k", value: "a", revision: 2 });
const lastRead = operation(8, [9_100 * ms, 9_110 * ms], { op: "range", key: "k", end: "l", limit: 10, kvs: [{ key: "k", ...once("a", 2) }], count: 1, revision: 2, final: true });
const lost = operation(1, [40 * ms, 50 * ms], { op: "get", key: "k", value: null, revision: 2 });
const alone = operation(1, [40 * ms, 50 * ms], { op: "get", key: "k", serializable: true, revision: 2, ...once("a", 2) });
const earlier = operation(1, [60 * ms, 70 * ms], { op: "get", key: "k", serializable: true, value: null, revision: 1 });
const appended = operation(0, [10 * ms, 20 * ms], { op: "txn", compares: [], success: [{ op: "put", key: "a", value: "[1]" }], failure: [], succeeded: true, responses: [{ op: "put" }], revision: 2 });
const listRead = operation(8, [9_100 * ms, 9_110 * ms], { op: "range", key: "a", end: "b", limit: 10, kvs: [{ key: "a", ...once("[1]", 2) }], count: 1, revision: 2, final: true });
const listGone = operation(1, [40 * ms, 50 * ms], { op: "get", key: "a", value: null, revision: 2 });
const firstPage = operation(8, [9_100 * ms, 9_110 * ms], { op: "range", key: "k", end: "l", limit: 1, kvs: [{ key: "k", ...once("a", 2) }], count: 1, revision: 2, final: true });

describe("assertions over the history", () => {
  for (const [kind, good, bad] of [
    [strictSerializable, [written, lastRead], [written, lost]],
    [noLostWrites, [written, lastRead], [written, lost, lastRead]],
    [serializable, [written, alone], [written, alone, earlier]],
    [append, [appended, listRead], [appended, listGone]],
  ] as const) {
    describe(kind.kind, () => {
      it("passes where all fits together, and says over how much", () => {
        const { outcome, evidence } = judged(kind, good);
        expect(outcome).to.equal("pass");
        expect(evidence).to.have.length(1);
        expect(evidence[0]).to.include({ kind: "window", atMs: 10, text: "2 operations, 2 acknowledged ones, up to revision 2" });
      });

      it("fails where it does not, with the operations that show it and their times", () => {
        const { outcome, reason, evidence } = judged(kind, bad);
        expect(outcome).to.equal("fail");
        expect(reason).to.match(/by process 1 on etcd-2/);
        expect(evidence.map(({ kind: of }) => of)).to.deep.equal(["operation", "operation"]);
        expect(evidence.every(({ atMs, endMs = 0 }) => atMs >= 10 && endMs === atMs + 10)).to.equal(true);
      });

      it("fails however few operations there are, and is inconclusive where few are all right", () => {
        expect(judged(kind, bad, { options: {} }).outcome).to.equal("fail");
        expect(judged(kind, good, { options: {} })).to.include({ outcome: "inconclusive" }).and.to.have.property("reason").that.matches(/^only \d .*, of 100 wanted$/);
      });

      it("is inconclusive without operations", () => {
        expect(judged(kind, [])).to.include({ outcome: "inconclusive", reason: "there are no operations" });
      });

      it("is inconclusive where operations may be missing: the load broke off, or the file is damaged", () => {
        expect(judged(kind, bad, { built: run() }).outcome).to.equal("inconclusive");
        expect(judged(kind, bad, { built: run().event({ type: "workload", atMs: 500, state: "failed" }).interrupted(9_000) }).outcome).to.equal("inconclusive");
        const damaged: Recording = { ...run().event(stopped).build(), operations: bad, defects: ["history.jsonl:7 is damaged and left out"] };
        expect(kind.bind({}).judge(damaged)).to.include({ outcome: "inconclusive", reason: "history.jsonl:7 is damaged and left out" });
      });

      it("fails during a run for what is known already", () => {
        expect(judged(kind, bad, { built: recording().phase("whole", 0, 90).interrupted(90) }).outcome).to.equal("fail");
        expect(judged(kind, bad, { built: recording().phase("whole", 0, 30).interrupted(30) }).outcome, "before it was known").to.not.equal("fail");
      });
    });
  }

  it("finds no lost writes only where the keys were read at the end", () => {
    expect(judged(noLostWrites, [written])).to.include({ outcome: "inconclusive", reason: "the keys could be read through no member when the load had ended, so that lost writes may hide" });
    expect(judged(noLostWrites, [written, firstPage]).outcome, "not the last page").to.equal("inconclusive");
  });

  it("says nothing of lists where there are none", () => {
    expect(judged(append, [written, lastRead])).to.include({ outcome: "inconclusive", reason: "only 0 appends were acknowledged, of 1 wanted" });
  });

  it("finds no lost append only where the lists were read at the end", () => {
    expect(judged(append, [appended])).to.include({ outcome: "inconclusive", reason: "the lists could be read through no member when the load had ended, so that lost appends may hide" });
  });

  it("goes by what watchers were told too, as long as no line of that is missing", () => {
    const watched = run().event(stopped).watches([
      { watcher: 0, member: "etcd-2", atNs: 1, kind: "created", revision: 1, key: "k", end: "l", fromRevision: 2, prevKv: false },
      { watcher: 0, member: "etcd-2", atNs: 1, kind: "events", revision: 2, events: [{ type: "put", key: "k", value: "z", modRevision: 2, createRevision: 2, version: 1 }] },
    ]);
    const verdict = judged(strictSerializable, [written, lastRead], { built: watched });
    expect(verdict).to.include({ outcome: "fail", observed: "watch against answer, in 2 operations" });
    expect(verdict.reason).to.match(/^put k = a by process 0 on etcd-1 made revision 2, and the watch through etcd-2 was told of put k = z of revision 2/);
    const damaged: Recording = { ...watched.build(), operations: [written, lastRead], defects: ["watches.jsonl:3 is damaged and left out"] };
    expect(strictSerializable.bind({ "at-least": 1 }).judge(damaged).outcome).to.equal("pass");
  });

  it("lets a member that was started again know less than before", () => {
    const history = [written, alone, earlier];
    expect(judged(serializable, history).outcome).to.equal("fail");
    expect(judged(serializable, history, { built: run().event({ type: "member", atMs: 55, member: "etcd-2", state: "started" }).event(stopped) }).outcome).to.equal("pass");
  });

  it("shows ten operations at most", () => {
    const crowd = correctHistory(1, { operations: 40, kinds: ["put"], keys: 1, unknown: 0, failed: 0 });
    expect(judged(strictSerializable, [...crowd, { ...lost, invokeNs: 900 * ms, returnNs: 910 * ms }]).evidence.length).to.be.within(2, 10);
  });
});
