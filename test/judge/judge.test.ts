import { expect } from "chai";
import type { Assertion } from "../../assertions/assertion.ts";
import type { Outcome } from "../../assertions/verdict.ts";
import { judge } from "../../src/judge/judge.ts";
import type { Results } from "../../src/judge/results.ts";
import type { Recording } from "../../src/recording/recording.ts";
import { recording, type FaultSketch, type RecordingBuilder } from "../recordings/builder.ts";

/** An assertion that says always the same. */
function saying(outcome: Outcome, reason?: string): Assertion {
  const verdict = { outcome, observed: "3 changes", bound: "at most 0 changes", evidence: [], ...(reason === undefined ? {} : { reason }) };
  return { kind: "fixed", title: `an assertion that is ${outcome}`, phases: [], judge: () => verdict };
}

const crashing: Assertion = {
  kind: "fixed",
  title: "an assertion with a defect",
  phases: [],
  judge() {
    throw new TypeError("samples is undefined");
  },
};

const proven: FaultSketch = { phase: "isolated", targets: ["etcd-1"], requestedMs: 1_000, effectiveMs: 1_100, healingMs: 2_000, healedMs: 2_100 };

/** A run that went well: a proven fault, and a load that was answered. */
function goodRun(fault: FaultSketch | undefined = proven): RecordingBuilder {
  const builder = recording().phase("baseline", 0, 1_000).phase("isolated", 1_000, 2_000).phase("recovery", 2_000, 3_000);
  builder.event({ type: "workload", atMs: 0, state: "started" }).operations(0, 3_000, 100);
  return fault === undefined ? builder : builder.fault(fault);
}

function judged(run: RecordingBuilder | Recording, assertions: readonly Assertion[] = [saying("pass")]): Results {
  return judge("build" in run ? run.build() : run, assertions, "npm run scenario -- test --seed 42");
}

describe("judging a run", () => {
  it("passes it when every assertion holds and every assumption too", () => {
    const results = judged(goodRun(), [saying("pass"), saying("pass")]);
    expect(results.outcome).to.equal("pass");
    expect(results.sentence).to.equal("all 2 assertions hold");
    expect(results.assumptions.map(({ title, outcome }) => `${title}: ${outcome}`)).to.deep.equal([
      "the run went to its end: pass",
      "the recording is whole: pass",
      "partition leader took effect and healed: pass",
      "the workload ran: pass",
      "the load that was asked for was sent: pass",
      "the machine had time for the run: pass",
    ]);
  });

  it("says of which run, and how to run it again", () => {
    const { format, scenario, seed, replay } = judged(goodRun());
    expect({ format, scenario, seed, replay }).to.deep.equal({ format: 1, scenario: "test", seed: 42, replay: "npm run scenario -- test --seed 42" });
  });

  it("fails it for one violated assertion, and says which one and why", () => {
    const results = judged(goodRun(), [saying("pass"), saying("fail", "two leaders in one term"), saying("fail")]);
    expect(results.outcome).to.equal("fail");
    expect(results.sentence).to.equal("an assertion that is fail: two leaders in one term (and 1 more)");
    expect(judged(goodRun(), [saying("fail")]).sentence).to.equal("an assertion that is fail: observed 3 changes, wanted at most 0 changes");
  });

  it("says of several violations first that a promise is broken, wherever the scenario has it", () => {
    const lost = saying("fail", "a write is lost");
    const broken: Assertion = { ...lost, judge: (...run) => ({ ...lost.judge(...run), counterexample: { rule: "lost write", sentence: "a write is lost", clock: "run", operations: [], illegal: "1" } }) };
    expect(judged(goodRun(), [saying("fail", "too slow"), broken]).sentence).to.equal("an assertion that is fail: a write is lost (and 1 more)");
  });

  it("is inconclusive when an assertion is", () => {
    const results = judged(goodRun(), [saying("pass"), saying("inconclusive", "no sample of etcd-2")]);
    expect(results.outcome).to.equal("inconclusive");
    expect(results.sentence).to.equal("an assertion that is inconclusive: no sample of etcd-2");
  });

  it("is inconclusive when an assertion crashes, says so, and judges the others all the same", () => {
    const results = judged(goodRun(), [crashing, saying("pass")]);
    expect(results.outcome).to.equal("inconclusive");
    expect(results.assertions.map(({ verdict }) => verdict.outcome)).to.deep.equal(["inconclusive", "pass"]);
    expect(results.assertions[0]?.verdict).to.include({ observed: "the assertion crashed", reason: "samples is undefined" });
    expect(judged(goodRun(), [crashing, saying("fail")]).outcome).to.equal("fail");
  });

  it("judges the same recording alike each time", () => {
    const run = goodRun().build();
    expect(JSON.stringify(judged(run))).to.equal(JSON.stringify(judged(run)));
  });

  const { healedMs: _healed, ...notHealed } = proven;
  const { effectiveMs: _effective, ...notEffective } = proven;
  const doubtful: readonly (readonly [string, () => RecordingBuilder | Recording, RegExp])[] = [
    ["a fault is not proven to have taken effect", () => goodRun({ ...notEffective, ineffectiveMs: 1_100 }), /partition leader took effect and healed" does not hold: no evidence that it took effect: what was read/],
    ["a fault could not be injected", () => goodRun({ phase: "isolated", targets: ["etcd-1"], requestedMs: 1_000, failedMs: 1_050 }), /could not be injected: the proxy did not answer/],
    ["a fault is not proven to have healed", () => goodRun({ ...notHealed, unhealedMs: 2_100 }), /no evidence that it healed: what was read/],
    ["a fault was requested and nothing more is known", () => goodRun({ phase: "isolated", targets: ["etcd-1"], requestedMs: 1_000 }), /the run ended before it was proven/],
    [
      "a fault found nobody to hit",
      () => goodRun(undefined).event({ type: "fault", atMs: 6_000, fault: "isolated/1-partition", kind: "partition", state: "failed", error: "no member stood for the target leader within 5 s" }),
      /no member stood for the target leader/,
    ],
    ["it was interrupted", () => goodRun().interrupted(2_500, "SIGTERM"), /the assumption "the run went to its end" does not hold: interrupted by SIGTERM/],
    ["it was killed", () => goodRun().ended("running"), /the harness was killed while it ran/],
    ["the harness stopped it", () => goodRun().ended("crashed", "etcd-2 did not start"), /the harness stopped it: etcd-2 did not start/],
    ["the recording is damaged", () => ({ ...goodRun().build(), defects: ["metrics.jsonl:7 is damaged and left out"] }), /the recording is whole" does not hold: metrics\.jsonl:7 is damaged/],
    ["no operation was tried", () => recording().phase("baseline", 0, 1_000).event({ type: "workload", atMs: 0, state: "started" }), /the workload ran" does not hold: 0 operations, none acknowledged/],
    [
      "no operation was acknowledged",
      () => recording().phase("baseline", 0, 1_000).event({ type: "workload", atMs: 0, state: "started" }).operations(0, 1_000, 100, (atMs) => ({ outcome: atMs % 200 === 0 ? "fail" : "info" })),
      /10 operations, none acknowledged/,
    ],
    ["the load generator came too late itself", () => goodRun().event({ type: "workload", atMs: 2_000, state: "stopped", timerLateMaxMs: 1_400.2 }), /the load generator kept time" does not hold: it was woken at most 1401 ms too late/],
    ["the workload broke down", () => goodRun().event({ type: "workload", atMs: 2_000, state: "failed", detail: "the load process ended by itself" }), /the load process ended by itself/],
  ];
  for (const [when, run, sentence] of doubtful) {
    it(`is inconclusive when ${when}, though every assertion holds; and a violated one is still a fail`, () => {
      const results = judged(run());
      expect(results.outcome).to.equal("inconclusive");
      expect(results.sentence).to.match(sentence);
      expect(judged(run(), [saying("pass"), saying("fail")]).outcome).to.equal("fail");
    });
  }

  const watchedBy = (run: RecordingBuilder, watched: readonly Assertion[]): Results => judge(run.build(), [saying("pass")], "replay", { watched });

  it("is inconclusive when what would have ended it was violated too late to end it", () => {
    const results = watchedBy(goodRun(), [saying("pass"), saying("fail", "a member panicked")]);
    expect(results.outcome).to.equal("inconclusive");
    expect(results.sentence).to.equal('the assumption "nothing under abort-if was violated" does not hold: an assertion that is fail: a member panicked');
  });

  it("passes when what would have ended it holds, or cannot be judged, and says what that was", () => {
    const results = watchedBy(goodRun(), [saying("pass"), saying("inconclusive")]);
    expect(results.outcome).to.equal("pass");
    expect(results.assumptions.at(-1)).to.deep.equal({
      title: "nothing under abort-if was violated",
      outcome: "pass",
      observed: "no violation was seen of: an assertion that is pass; an assertion that is inconclusive",
    });
  });

  it("tells once why it was ended", () => {
    const results = watchedBy(goodRun().interrupted(2_500, "its abort condition, an assertion that is fail"), [saying("fail")]);
    expect(results.assumptions.filter(({ outcome }) => outcome !== "pass").map(({ title }) => title)).to.deep.equal(["the run went to its end"]);
  });

  it("asks for no load where the scenario has none", () => {
    const results = judged(recording().phase("baseline", 0, 1_000));
    expect(results.outcome).to.equal("pass");
    expect(results.assumptions.map(({ title }) => title)).to.not.include("the workload ran");
  });

  it("has an assumption for each fault", () => {
    const results = judged(goodRun().fault({ ...proven, kind: "pause", phase: "recovery" }));
    expect(results.assumptions.filter(({ title }) => title.includes("took effect")).map(({ title }) => title)).to.deep.equal([
      "partition leader took effect and healed",
      "pause leader took effect and healed",
    ]);
  });
});
