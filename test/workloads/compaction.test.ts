import { expect } from "chai";
import { z } from "zod";
import { checkSerializable } from "../../src/check/serializable.ts";
import { checkStrictSerializable } from "../../src/check/strict-serializable.ts";
import { isKind, type Operation, type Request } from "../../src/recording/operation.ts";
import { wasCompacted } from "../../src/recording/operations/compact.ts";
import { compaction } from "../../src/workloads/compaction.ts";
import { workloadKinds } from "../../src/workloads/index.ts";
import { simulatedLoad } from "../check/simulated-load.ts";
import { answeredRequests, type Reply } from "./requests.ts";

const simulated = (options: object = {}, seed = 1): Operation[] => simulatedLoad(compaction.bind({ every: "100ms", keep: 10, keys: 5, ...options }), seed, { operations: 300, stepNs: 2e6 });

/** Each write has the next revision. */
function writes(): (request: Request) => Reply {
  let revision = 1;
  return ({ op }) => ({ revision: op === "put" || op === "delete" ? (revision += 1) : revision });
}

const compacted = (requests: readonly Request[]): number[] => requests.flatMap((request) => (request.op === "compact" ? [request.atRevision] : []));

describe("the compaction workload", () => {
  it("is in the table of workloads, and says what it does", () => {
    expect(workloadKinds).to.include(compaction);
    expect(compaction.bind({}).title).to.equal("compaction: closed loop, 10 clients of all members, 20 keys, compacted every 1 s to the last 50 revisions");
  });

  for (const [what, options] of Object.entries({ "a compaction all the time": { every: "1ms" }, "fewer than no revisions to keep": { keep: -1 }, "a share above 1": { "old-reads": 1.5 }, "no keys": { keys: 0 } })) {
    it(`refuses ${what}`, () => {
      expect(() => compaction.bind(options)).to.throw(z.ZodError);
    });
  }

  it("compacts once each time, as many revisions behind the newest as are kept", () => {
    const workload = compaction.bind({ every: "1s", keep: 3, reads: 0 });
    // A request each 100 ms, and each has the next revision.
    expect(compacted(answeredRequests(workload, 35, writes()))).to.deep.equal([9, 18, 27]);
  });

  it("compacts nothing while there are too few revisions, or no new ones", () => {
    expect(compacted(answeredRequests(compaction.bind({ every: "100ms", keep: 100, reads: 0 }), 60, writes()))).to.deep.equal([]);
    expect(compacted(answeredRequests(compaction.bind({ every: "100ms", keep: 0 }), 60, () => ({ revision: 9 })))).to.deep.equal([9]);
  });

  it("goes on where a compaction was refused or nobody knows", () => {
    for (const outcome of ["fail", "info"]) {
      const answer = writes();
      const requests = answeredRequests(compaction.bind({ every: "1s", keep: 3, reads: 0 }), 40, (request) => (request.op === "compact" ? { outcome } : answer(request)));
      expect(compacted(requests), outcome).to.have.length(3);
    }
  });

  it("reads keys and ranges now and in the past, half of it compacted, and some through a member alone", () => {
    const history = simulated();
    const reads = history.filter((each) => (each.op === "get" || each.op === "range") && each.final !== true);
    const old = reads.filter((each) => "atRevision" in each && each.atRevision !== undefined);
    const late = old.filter(wasCompacted).length;
    expect(reads.some(isKind("get")) && reads.some(isKind("range"))).to.equal(true);
    expect(old.length / reads.length).to.be.within(0.6, 0.8);
    expect(late / old.length).to.be.within(0.1, 0.7);
    expect(reads.filter((each) => "serializable" in each && each.serializable === true).length / reads.length).to.be.within(0.1, 0.3);
    expect(history.filter(isKind("compact")).filter(({ outcome }) => outcome === "ok").length).to.be.greaterThan(5);
    expect(history.some(isKind("delete")) && history.some(isKind("put"))).to.equal(true);
  });

  it("reads the past in some of its writes where it is to, in one transaction that does or refuses both", () => {
    const history = simulated({ "writes-that-read": 0.5 });
    const writes = history.filter((each) => each.op === "put" || each.op === "delete" || each.op === "txn");
    const combined = history.filter(isKind("txn"));
    expect(combined.length / writes.length).to.be.within(0.35, 0.65);
    expect(combined.every(({ success: [read, write] }) => read?.op === "get" && read.atRevision !== undefined && (write?.op === "put" || write?.op === "delete"))).to.equal(true);
    expect(combined.filter(({ outcome }) => outcome === "ok").length).to.be.greaterThan(5);
    expect(checkStrictSerializable(history, [], { compactsAlone: true }).kind).to.equal("ok");
    expect(simulated().some(isKind("txn"))).to.equal(false);
  });

  it("asks the same for the same seed and the same answers", () => {
    expect(simulated()).to.deep.equal(simulated());
    expect(simulated()).to.not.deep.equal(simulated({}, 2));
  });

  it("makes histories that are strictly serializable, unless what was compacted is answered, or what was not is refused", () => {
    let [answered, refused] = [0, 0];
    for (let seed = 1; seed <= 8; seed += 1) {
      const history = simulated({}, seed);
      expect(checkStrictSerializable(history, [], { compactsAlone: true }).kind, `seed ${seed}`).to.equal("ok");
      expect(checkSerializable(history, () => false).kind, `seed ${seed}`).to.equal("ok");
      for (const broken of answeredLate(history).slice(0, 5)) {
        answered += 1;
        expect(checkStrictSerializable(broken), `seed ${seed}`).to.include({ kind: "violated", rule: "compacted and there" });
      }
      for (const broken of refusedEarly(history).slice(0, 5)) {
        refused += 1;
        expect(checkStrictSerializable(broken, [], { compactsAlone: true }), `seed ${seed}`).to.include({ kind: "violated", rule: "refused and there" });
      }
    }
    expect(answered).to.be.greaterThan(20);
    expect(refused).to.be.greaterThan(20);
  });
});

/** The same history, where a read of what an acknowledged compaction had dropped before it began finds nothing, instead of being refused. */
function answeredLate(history: readonly Operation[]): Operation[][] {
  const compactions = history.filter(isKind("compact")).filter(({ outcome }) => outcome === "ok");
  return history.filter(isKind("get")).flatMap((get) => {
    const before = compactions.find(({ atRevision, returnNs }) => atRevision > (get.atRevision ?? Infinity) && returnNs < get.invokeNs);
    if (!wasCompacted(get) || get.serializable === true || before === undefined) return [];
    const { error, ...asked } = get;
    const revision = Math.max(...history.filter(({ returnNs }) => returnNs < get.invokeNs).map((each) => each.revision ?? 0));
    return [history.map((each): Operation => (each === get ? { ...asked, outcome: "ok", revision, value: null } : each))];
  });
}

/** The same history, where a read of the past that was answered is refused, though nobody had compacted that yet. */
function refusedEarly(history: readonly Operation[]): Operation[][] {
  return history.filter(isKind("get")).flatMap((get) => {
    const { atRevision, value, modRevision, createRevision, version, revision, ...rest } = get;
    const asked = history.filter(isKind("compact")).some((each) => each.atRevision > (atRevision ?? 0) && each.invokeNs < get.returnNs);
    if (get.outcome !== "ok" || atRevision === undefined || asked) return [];
    const late: Operation = { ...rest, atRevision, outcome: "fail", error: "OUT_OF_RANGE: etcdserver: mvcc: required revision has been compacted" };
    return [history.filter((each) => !("atRevision" in each) || each === get || each.op === "compact").map((each) => (each === get ? late : each))];
  });
}
