import { expect } from "chai";

import { assertionKinds } from "../../assertions/index.ts";
import { expressions } from "../../assertions/expression/language.ts";
import type { Assertion } from "../../assertions/assertion.ts";
import { judge } from "../../src/judge/judge.ts";
import { judgeSteadyState } from "../../src/judge/steady-state.ts";
import { recording, type FaultSketch, type RecordingBuilder } from "../recordings/builder.ts";

const fault: FaultSketch = { phase: "cut", targets: ["etcd-1"], requestedMs: 4_100, effectiveMs: 4_200, healingMs: 8_000, healedMs: 8_500 };
const failing = { outcome: "fail" as const };

/** A put every 10 ms, those in [from, to) fail; a fault from 4.1 s to 8.5 s. */
function run(badFromMs: number, badToMs: number, struck: FaultSketch | "none" = fault): RecordingBuilder {
  const builder = recording().phase("baseline", 0, 4_000).phase("cut", 4_000, 8_000).phase("recovery", 8_000, 12_000);
  builder.event({ type: "workload", atMs: 500, state: "started" }).operations(500, 12_000, 10, (atMs) => (atMs >= badFromMs && atMs < badToMs ? failing : {}));
  return struck === "none" ? builder : builder.fault(struck);
}

const available: Assertion = (() => {
  const kind = assertionKinds.find((each) => each.kind === "slo");
  if (kind === undefined) throw new Error("there is no slo");
  return kind.bind({ availability: 1 });
})();

function rows(builder: RecordingBuilder, { assertion = available, settleMs = 0 }: { readonly assertion?: Assertion; readonly settleMs?: number } = {}) {
  return judgeSteadyState(builder.build(), { assertions: [assertion], settleMs }).map(({ title, verdict: { outcome, reason } }) => ({ title, outcome, reason }));
}

const outcomes = (...given: Parameters<typeof rows>): string[] => rows(...given).map(({ outcome }) => outcome);

describe("a steady state", () => {
  it("is judged before the first fault and after the last, in rows of their own", () => {
    expect(rows(run(4_100, 8_500))).to.deep.equal([
      { title: "steady state before: availability of operations", outcome: "pass", reason: undefined },
      { title: "steady state after: availability of operations", outcome: "pass", reason: undefined },
    ]);
    const [before, after] = judgeSteadyState(run(4_100, 8_500).build(), { assertions: [available], settleMs: 0 });
    expect(before?.verdict.observed).to.equal("100 % ok of 360 operations");
    expect(after?.verdict.observed).to.equal("100 % ok of 350 operations");
  });

  it("says nothing of the faults where it did not hold before them", () => {
    const [before] = rows(run(4_090, 4_100));
    expect(before).to.deep.include({ outcome: "inconclusive", reason: "it did not hold even before the first fault: 1 operation of 360 in the time before the first fault did not end ok" });
    expect(judge(run(4_090, 4_100).build(), [available], "", { steadyState: { assertions: [available], settleMs: 0 } }).outcome).to.equal("fail");
  });

  it("fails where it does not hold once the last fault has healed", () => {
    const [, after] = rows(run(8_500, 8_510));
    expect(after).to.deep.include({ outcome: "fail", reason: "1 operation of 350 in the time after the last fault did not end ok" });
    expect(outcomes(run(8_490, 8_500))).to.deep.equal(["pass", "pass"]);
  });

  it("need not hold again before it has had time to settle", () => {
    expect(outcomes(run(8_500, 9_500), { settleMs: 1_000 })).to.deep.equal(["pass", "pass"]);
    expect(outcomes(run(8_500, 9_510), { settleMs: 1_000 })).to.deep.equal(["pass", "fail"]);
    expect(rows(run(0, 0), { settleMs: 4_000 })[1]).to.deep.include({ outcome: "inconclusive", reason: "nothing of the timeline was left once the last fault had healed and the cluster had had its time to settle" });
  });

  it("is inconclusive where the fault did not heal, or the run was cut short", () => {
    const { healedMs: _, ...unhealed } = fault;
    expect(rows(run(0, 0, { ...unhealed, unhealedMs: 9_000 }))[1]).to.deep.include({ outcome: "inconclusive", reason: "not every fault is known to have healed" });
    const cut = recording().phase("baseline", 0, 4_000).phase("cut", 4_000, 6_000).event({ type: "workload", atMs: 500, state: "started" }).operations(500, 6_000, 10).fault({ phase: "cut", targets: ["etcd-1"], requestedMs: 4_100, effectiveMs: 4_200 }).interrupted(6_000);
    expect(rows(cut)).to.deep.equal([
      { title: "steady state before: availability of operations", outcome: "pass", reason: undefined },
      { title: "steady state after: availability of operations", outcome: "inconclusive", reason: "not every fault is known to have healed: the run was interrupted by SIGINT" },
    ]);
  });

  it("is judged over the whole timeline, once, where there was no fault", () => {
    expect(outcomes(run(11_990, 12_000, "none"))).to.deep.equal(["inconclusive"]);
    expect(outcomes(run(0, 0, "none"))).to.deep.equal(["pass"]);
    const early = recording().phase("only", 0, 4_000).operations(0, 4_000, 10).interrupted(4_000);
    expect(outcomes(early)).to.deep.equal(["inconclusive"]);
  });

  it("has no time before a fault that strikes before the load", () => {
    expect(rows(run(0, 0, { ...fault, requestedMs: 400 }))[0]).to.deep.include({ outcome: "inconclusive", reason: "there was no time before the first fault" });
  });

  it("has rows that tell where it stands in the scenario", () => {
    const located = judgeSteadyState(run(0, 0).build(), { assertions: [{ ...available, line: 17 }], settleMs: 0 });
    expect(located.map(({ line }) => line)).to.deep.equal([17, 17]);
    const nowhere = judgeSteadyState(run(0, 0).build(), { assertions: [{ ...available, line: 17 }], settleMs: 9_000 });
    expect(nowhere.map(({ line }) => line)).to.deep.equal([17, 17]);
  });

  it("cannot hold for longer than its time lasts, nor fail to", () => {
    const read = expressions.read("always availability(any) >= 50% for 5s");
    if (!("assertion" in read)) throw new Error("it was to be read");
    expect(rows(run(0, 0), { assertion: read.assertion })[1]).to.deep.include({ outcome: "inconclusive", reason: "the time after the last fault lasted 3.5 s only" });
  });

  it("may be a line of text", () => {
    const read = expressions.read("availability(any) >= 100%");
    if (!("assertion" in read)) throw new Error("it was to be read");
    expect(outcomes(run(4_100, 8_500), { assertion: read.assertion })).to.deep.equal(["pass", "pass"]);
    expect(outcomes(run(4_100, 8_600), { assertion: read.assertion })).to.deep.equal(["pass", "fail"]);
    const always = expressions.read("always availability(any) >= 50%");
    if (!("assertion" in always)) throw new Error("it was to be read");
    expect(outcomes(run(10_000, 11_500), { assertion: always.assertion })).to.deep.equal(["pass", "fail"]);
  });
});
